"""Settings of a convolutional search, with the paper's values as defaults."""

from darts_tf.convolutional.primitives import DARTS_PRIMITIVES, get_primitive
from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_search.method_settings import (
    ConvolutionalSearchSettings,
)
from darts_tf.experiments.image_settings import ImageSettings
from darts_tf.experiments.search_settings import check_operations
from darts_tf.limits import MAX_IMAGE_SIZE
from darts_tf.optimization.schedules import cosine
from darts_tf.plugins import import_modules
from darts_tf.settings import changed, setting


class SearchConfig(ImageSettings, ConvolutionalSearchSettings):
    """Settings of a search (paper, section 3.1.1 and appendix A.1.1)."""

    train_portion: float = setting(
        0.5,
        "Share of the training images that train w; the others train alpha.",
        group="Data",
        least=0.001,
        most=0.999,
    )
    crop_padding: int | None = setting(
        None,
        "Pixels added around an image before a random crop; default is an eighth of "
        "the image size (4 for CIFAR-10).",
        group="Data",
        least=0,
        most=MAX_IMAGE_SIZE // 2,
    )
    cutout_length: int = changed(
        ImageSettings,
        "cutout_length",
        default=16,
        help="Side of the erased square in pixels.",
    )
    primitives: tuple[str, ...] = setting(
        DARTS_PRIMITIVES, "Operations on each edge, by name.", group="Network"
    )
    validation_steps: int | None = changed(
        ImageSettings,
        "validation_steps",
        help="Batches of the validation after an epoch; default is as many as "
        "`steps_per_epoch`, or all.",
    )
    learning_rate_min: float = changed(
        ImageSettings, "learning_rate_min", default=0.001
    )
    sync_batch_norm: bool = changed(ImageSettings, "sync_batch_norm", default=True)
    seed: int = changed(ImageSettings, "seed", default=2)

    def __post_init__(self):
        super().__post_init__()
        if self.init_channels % self.partial_channels:
            raise UserError(
                f"`partial_channels`={self.partial_channels} must divide "
                f"`init_channels`={self.init_channels}."
            )

    def check_primitives(self) -> None:
        """Imports the modules that register primitives, and looks all names up.

        Raises:
            UserError: If a module or a primitive is missing, or named twice.
        """
        import_modules("primitive_modules", self.primitive_modules)
        check_operations(
            "primitives", self.primitives, lambda name: get_primitive(name).is_zero
        )

    def learning_rate_at(self, epoch: int) -> float:
        """Learning rate of w in an epoch, counted from 0; constant within it."""
        return cosine(self.learning_rate, self.learning_rate_min, epoch, self.epochs)
