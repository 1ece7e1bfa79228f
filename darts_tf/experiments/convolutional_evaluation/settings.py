"""Settings of the training of a genotype on images, with the paper's as defaults."""

from darts_tf.errors import UserError
from darts_tf.experiments.image_settings import ImageSettings
from darts_tf.experiments.space_settings import SpaceSettings
from darts_tf.limits import MAX_BATCH_SIZE
from darts_tf.optimization.schedules import cosine
from darts_tf.settings import changed, setting


class ImageTrainingSettings(ImageSettings, SpaceSettings):
    """Settings of a training; defaults are the paper's for CIFAR-10 (section 3.2).

    Raises:
        UserError: If the learning rate would rise, or a batch cannot be parted.
    """

    cutout: bool = changed(ImageSettings, "cutout", default=True)
    layers: int = changed(ImageSettings, "layers", default=20)
    init_channels: int = changed(ImageSettings, "init_channels", default=36)
    auxiliary: bool = setting(
        True, "Whether there is an auxiliary head.", group="Network"
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
        if self.batch_size % self.accumulation_steps:
            raise UserError(
                f"`batch_size`={self.batch_size} cannot be parted into "
                f"`accumulation_steps`={self.accumulation_steps} equal parts; give a "
                "multiple."
            )

    def learning_rate_at(self, epoch: int) -> float:
        """Learning rate in an epoch, counted from 0; constant within it."""
        if self.schedule == "exponential":
            return self.learning_rate * self.learning_rate_decay**epoch
        return cosine(self.learning_rate, self.learning_rate_min, epoch, self.epochs)

    def drop_path_rate_at(self, epoch: int) -> float:
        """Probability to drop a path in an epoch, counted from 0."""
        return self.drop_path_rate * epoch / self.epochs
