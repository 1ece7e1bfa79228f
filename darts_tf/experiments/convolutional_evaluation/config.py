"""Settings of the training of an evaluation network, with the paper's as defaults."""

from typing import Any

from darts_tf.convolutional.evaluation_network import STEMS
from darts_tf.errors import UserError
from darts_tf.experiments.evaluation_settings import EvaluationSettings
from darts_tf.experiments.image_settings import BOTH_HALVES, ImageSettings
from darts_tf.experiments.space_settings import (
    DARTS_SPACE,
    SpaceSettings,
    space_of,
    space_of_search,
)
from darts_tf.experiments.trained_row import trained_row
from darts_tf.limits import MAX_BATCH_SIZE
from darts_tf.optimization.schedules import cosine
from darts_tf.settings import changed, setting
from darts_tf.zoo.registry import get_row, is_row
from darts_tf.zoo.row import CIFAR10 as CIFAR10_TABLE
from darts_tf.zoo.row import IMAGENET as IMAGENET_TABLE
from darts_tf.zoo.row import Row

# Data of the tables by the stem of their networks.
_DATA_OF_STEM = {"cifar": CIFAR10_TABLE, "imagenet": IMAGENET_TABLE}
# What is evaluated after an epoch.
TEST_IMAGES, OTHER_HALF = "test", "other_half"


class ImageTrainingConfig(EvaluationSettings, ImageSettings, SpaceSettings):
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
    cutout: bool = changed(ImageSettings, "cutout", default=True)
    genotype: str = changed(
        EvaluationSettings,
        "genotype",
        help="Cells of the network: a published name such as DARTS_V2, a genotype "
        "file, or the folder of a search, which stands for the genotype that it "
        "recommends; or a whole network by the name of its row in the published "
        "tables, such as mobilenet_imagenet.",
    )
    layers: int | None = changed(
        ImageSettings,
        "layers",
        default=20,
        help="Number of cells (paper: 20, and 14 for ImageNet); for a row of the "
        "tables the default is its own.",
    )
    init_channels: int | None = changed(
        ImageSettings,
        "init_channels",
        default=36,
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
    auxiliary: bool | None = setting(
        True,
        "Whether there is an auxiliary head; for a row of the tables the default is "
        "its own.",
        group="Network",
    )
    auxiliary_weight: float = setting(
        0.4, "Weight of the auxiliary head's loss.", group="Network", least=0.0
    )
    drop_path_rate: float = setting(
        0.2,
        "Probability to drop a path of a cell, reached linearly over the epochs.",
        group="Network",
        least=0.0,
        most=0.99,
    )
    epochs: int = changed(ImageSettings, "epochs", default=600)
    batch_size: int = changed(ImageSettings, "batch_size", default=96)
    accumulation_steps: int = setting(
        1,
        "Parts of a batch that go through the network one after the other, to save "
        "memory; each is normalized by its own statistics.",
        group="Optimization",
        least=1,
        most=MAX_BATCH_SIZE,
    )
    schedule: str = setting(
        "cosine",
        "Course of the learning rate from epoch to epoch.",
        group="Optimization",
        choices=("cosine", "exponential"),
    )
    learning_rate_decay: float = setting(
        0.97,
        "Factor of the learning rate from epoch to epoch in the exponential schedule.",
        group="Optimization",
        least=0.0,
        most=1.0,
    )
    label_smoothing: float = setting(
        0.0,
        "Share of the target that all classes get alike.",
        group="Optimization",
        least=0.0,
        most=0.99,
    )
    tensor_float_32: bool = changed(ImageSettings, "tensor_float_32", default=True)

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
        if self.batch_size % self.accumulation_steps:
            raise UserError(
                f"`batch_size`={self.batch_size} cannot be parted into "
                f"`accumulation_steps`={self.accumulation_steps} equal parts; give a "
                "multiple."
            )

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

    def learning_rate_at(self, epoch: int) -> float:
        """Learning rate in an epoch, counted from 0; constant within it."""
        if self.schedule == "exponential":
            return self.learning_rate * self.learning_rate_decay**epoch
        return cosine(self.learning_rate, self.learning_rate_min, epoch, self.epochs)

    def drop_path_rate_at(self, epoch: int) -> float:
        """Probability to drop a path in an epoch, counted from 0."""
        return self.drop_path_rate * epoch / self.epochs


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
