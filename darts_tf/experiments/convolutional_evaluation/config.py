"""Settings of the training of an evaluation network, with the paper's as defaults."""

from typing import Any

from darts_tf.convolutional.skeleton import STEMS
from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_evaluation.settings import (
    ImageTrainingSettings,
)
from darts_tf.experiments.evaluation_settings import EvaluationSettings
from darts_tf.experiments.image_settings import BOTH_HALVES
from darts_tf.experiments.space_settings import (
    DARTS_SPACE,
    SpaceSettings,
    space_of,
    space_of_search,
)
from darts_tf.experiments.trained_row import trained_row
from darts_tf.settings import changed, setting
from darts_tf.zoo.registry import get_row, is_row
from darts_tf.zoo.row import CIFAR10 as CIFAR10_TABLE
from darts_tf.zoo.row import IMAGENET as IMAGENET_TABLE
from darts_tf.zoo.row import Row

# Data of the tables by the stem of their networks.
_DATA_OF_STEM = {"cifar": CIFAR10_TABLE, "imagenet": IMAGENET_TABLE}
# What is evaluated after an epoch.
TEST_IMAGES, OTHER_HALF = "test", "other_half"


class ImageTrainingConfig(EvaluationSettings, ImageTrainingSettings):
    """Settings of a training; defaults are the paper's for CIFAR-10 (section 3.2).

    Raises:
        UserError: If the learning rate would rise, large images get cutout, a batch
            cannot be parted, or there is no half to evaluate.
    """

    space: str = changed(
        SpaceSettings,
        "space",
        help="Search space of the genotype by name, whose network is trained and which "
        "settles the defaults of the sizes; default is that of the search where "
        "`genotype` is its folder or lies in it, else darts.",
    )
    genotype: str = changed(
        EvaluationSettings,
        "genotype",
        help="Cells of the network: a published name such as DARTS_V2, a genotype "
        "file, or the folder of a search, which stands for the genotype that it "
        "recommends; or a whole network by the name of its row in the published "
        "tables, such as mobilenet_imagenet.",
    )
    layers: int | None = changed(
        ImageTrainingSettings,
        "layers",
        help="Number of cells (paper: 20, and 14 for ImageNet); for a row of the "
        "tables the default is its own.",
    )
    init_channels: int | None = changed(
        ImageTrainingSettings,
        "init_channels",
        help="Channels of the first cells (paper: 36, and 48 for ImageNet); for a row "
        "of the tables the default is its own.",
    )
    stem: str = setting(
        "cifar",
        "Stem of the network, and augmentation: for small images, or for large ones.",
        group="Network",
        choices=STEMS,
    )
    evaluated: str = setting(
        TEST_IMAGES,
        "Images that are evaluated after each epoch. test: the test images; "
        "other_half: the training images that `half` leaves out, for a choice between "
        "cells that sees no test image.",
        group="Data",
        choices=(TEST_IMAGES, OTHER_HALF),
        added=True,
    )
    auxiliary: bool | None = changed(
        ImageTrainingSettings,
        "auxiliary",
        help="Whether there is an auxiliary head; for a row of the tables the default "
        "is its own.",
    )

    def __post_init__(self):
        super().__post_init__()
        if self.evaluated == OTHER_HALF and self.half == BOTH_HALVES:
            raise UserError(
                "`evaluated=other_half` needs a half to train; give `half=first` or "
                "`half=second`."
            )
        sizes = (self.layers, self.init_channels, self.auxiliary)
        if None in sizes and not is_row(self.genotype):
            raise UserError(
                "`layers`, `init_channels` and `auxiliary` need values, unless "
                "`genotype` is a row of the published tables."
            )
        if self.cutout and self.stem == "imagenet":
            raise UserError("`cutout` is for small images; give `cutout=False`.")

    @classmethod
    def defaults_with(cls, values: dict[str, Any]) -> dict[str, Any]:
        follow, name = super().defaults_with(values), values["space"]
        if name == DARTS_SPACE:
            name = space_of_search(values["genotype"])
        space = space_of({**values, "space": name})
        follow |= {"space": name, **(space.training if space else {})}
        if is_row(values["genotype"]):
            sizes = dict.fromkeys(("layers", "init_channels", "auxiliary"))
            follow |= {**sizes, **get_row(values["genotype"]).training}
        return follow

    def row(self) -> Row | None:
        """Returns the row of the tables that `genotype` names, or `None`.

        Raises:
            UserError: If its network is for images of another size, or not public.
        """
        return trained_row(self.genotype, _DATA_OF_STEM[self.stem])


CIFAR10 = ImageTrainingConfig()
# Paper, section 3.3.
IMAGENET = ImageTrainingConfig(
    dataset="imagenet2012",
    image_size=224,
    stem="imagenet",
    epochs=250,
    batch_size=128,
    layers=14,
    init_channels=48,
    drop_path_rate=0.0,
    learning_rate=0.1,
    schedule="exponential",
    weight_decay=3e-5,
    label_smoothing=0.1,
    cutout=False,
)
