"""Settings of runs on images, searches and trainings."""

from darts_tf.errors import UserError
from darts_tf.limits import (
    MAX_CELLS,
    MAX_CHANNELS,
    MAX_COUNT,
    MAX_IMAGE_SIZE,
)
from darts_tf.runs.run_settings import PrecisionSettings, RunSettings
from darts_tf.settings import changed, setting

BOTH_HALVES, HALVES = "both", ("first", "second")


class ImageSettings(PrecisionSettings, RunSettings):
    """Settings of runs on images.

    Raises:
        UserError: If the learning rate would rise.
    """

    dataset: str = setting(
        "cifar10",
        "Images to be learned: digits (ships with scikit-learn), the name of a TFDS "
        "image classification set, or a folder with one folder of images for each "
        "class.",
        group="Data",
    )
    data_dir: str | None = setting(
        None,
        "Folder with TFDS data; default is that of TFDS.",
        group="Data",
        free=True,
    )
    half: str = setting(
        BOTH_HALVES,
        "Part of the training images that the run knows: both halves, or the first or "
        "the second, which are the same in every run.",
        group="Data",
        choices=(BOTH_HALVES, *HALVES),
        added=True,
    )
    image_size: int | None = setting(
        None,
        "Height and width in pixels to which images are brought; where there is "
        "no default, they keep their own size.",
        group="Data",
        least=4,
        most=MAX_IMAGE_SIZE,
    )
    skip_damaged: bool = setting(
        False, "Whether images that cannot be read are left out.", group="Data"
    )
    flip: bool | None = setting(
        None,
        "Whether images are mirrored at random; default: all but digits.",
        group="Data",
    )
    cutout: bool = setting(
        False, "Whether a square of each training image is erased.", group="Data"
    )
    cutout_length: int | None = setting(
        None,
        "Side of the erased square in pixels; default is half of the image size (16 "
        "for CIFAR-10).",
        group="Data",
        least=1,
        most=MAX_IMAGE_SIZE,
    )

    layers: int = setting(
        8,
        "Number of cells (paper: 8 in a search, 20 in a training, 14 in one for "
        "ImageNet).",
        group="Network",
        least=1,
        most=MAX_CELLS,
    )
    init_channels: int = setting(
        16,
        "Channels of the first cells (paper: 16 in a search, 36 in a training, 48 in "
        "one for ImageNet).",
        group="Network",
        least=2,
        most=MAX_CHANNELS,
    )
    primitive_modules: tuple[str, ...] = setting(
        (),
        "Python modules to import that register primitives of your own.",
        group="Network",
    )

    batch_size: int = changed(
        RunSettings,
        "batch_size",
        help="Images of a step, on all devices together; in a search of each half of "
        "the data.",
    )
    validation_steps: int | None = setting(
        None,
        "Batches of the validation after an epoch; default is all.",
        group="Optimization",
        least=1,
        most=MAX_COUNT,
    )
    learning_rate: float = changed(
        RunSettings,
        "learning_rate",
        help="Learning rate of the weights w in the first epoch; constant within each.",
    )
    learning_rate_min: float = setting(
        0.0,
        "Learning rate of the weights w at the end of the cosine.",
        group="Optimization",
        least=0.0,
    )
    momentum: float = setting(
        0.9,
        "Momentum of the gradient descent on the weights w.",
        group="Optimization",
        least=0.0,
        most=0.99999,
    )

    sync_batch_norm: bool = setting(
        False,
        "Whether batch normalization takes the statistics of all devices together; "
        "otherwise each takes its own.",
        group="Devices",
    )
    jit_compile: bool = setting(
        False,
        "Whether XLA compiles the step; not on a CPU.",
        group="Computation",
    )

    def __post_init__(self):
        super().__post_init__()
        if self.learning_rate_min > self.learning_rate:
            raise UserError(
                f"`learning_rate_min`={self.learning_rate_min} is above "
                f"`learning_rate`={self.learning_rate}; it must not be."
            )
