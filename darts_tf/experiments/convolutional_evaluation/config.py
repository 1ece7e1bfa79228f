"""Settings of the training of an evaluation network, with the paper's as defaults."""

import dataclasses

from darts_tf.errors import UserError
from darts_tf.optimization.schedules import cosine


@dataclasses.dataclass(frozen=True)
class ImageTrainingConfig:
    """Settings of a training; defaults are the paper's for CIFAR-10 (section 3.2).

    Attributes:
        genotype: Published name, genotype file or folder of a search.
        primitive_modules: Python modules to import first, that register primitives.
        dataset: "digits", the name of a TFDS image classification set, or a folder
            with one folder of images for each class.
        data_dir: Folder with TFDS data, or `None` for TFDS' own.
        image_size: Height and width in pixels, or `None` for the data's own.
        skip_damaged: Whether images that cannot be read are left out.
        stem: "cifar" for small images or "imagenet" for large ones, see
            `EvaluationNetwork`; the augmentation is that of such images too:
            `Augmentation` or `LargeImageAugmentation`.
        weights: Run folder, `.keras` file or PyTorch checkpoint with the weights to
            begin with, or `None` for random ones.
        seed: Fixes initial weights, order, augmentation and drop path.
        deterministic: Whether TensorFlow may only use operations that give the same
            bits again; needed on a GPU.
        epochs: Number of epochs.
        steps_per_epoch: Steps of an epoch, or `None` for one pass over the images.
        validation_steps: Batches of the validation after an epoch, or `None` for all.
        batch_size: Images of a step, on all devices together.
        accumulation_steps: Parts of a batch whose gradients are computed one after
            the other, to save memory; each part is normalized by its own statistics.
        layers, init_channels: Cells, and channels of the first cells.
        auxiliary: Whether there is an auxiliary head.
        auxiliary_weight: Weight of that head's loss.
        drop_path_rate: Probability to drop a path, reached linearly over the epochs.
        learning_rate: At the start.
        schedule: "cosine", or "exponential"; constant within an epoch.
        learning_rate_min: End of the cosine.
        learning_rate_decay: Factor of an epoch of the exponential schedule.
        momentum, weight_decay: Of the gradient descent.
        gradient_clip: Largest norm of the gradient.
        label_smoothing: Share of the target that all classes get alike.
        flip: Whether images are mirrored at random; `None` for yes, but for digits.
        cutout: Whether a square of each training image is erased.
        cutout_length: Side of that square in pixels, or `None` for half of the image
            size.
        precision: Data type, or policy of Keras for mixed precision.
        tensor_float_32: See `SearchConfig`.
        jit_compile: Whether XLA compiles the step.
        strategy, devices, logical_devices, worker_timeout: See `SearchConfig`.
        sync_batch_norm: Whether the statistics of batch normalization are those of
            the global batch where there are several devices.
        intra_op_threads: Threads of one operation, 0 for one for each core; `None`
            for 1, and 0 on a machine with a GPU.
        inter_op_threads: Operations at a time, 0 for one for each core.
        profile: Whether some steps are profiled.
    """

    genotype: str = "DARTS_V2"
    primitive_modules: tuple[str, ...] = ()
    dataset: str = "cifar10"
    data_dir: str | None = None
    image_size: int | None = None
    skip_damaged: bool = False
    stem: str = "cifar"
    weights: str | None = None
    seed: int = 0
    deterministic: bool = False
    epochs: int = 600
    steps_per_epoch: int | None = None
    validation_steps: int | None = None
    batch_size: int = 96
    accumulation_steps: int = 1
    layers: int = 20
    init_channels: int = 36
    auxiliary: bool = True
    auxiliary_weight: float = 0.4
    drop_path_rate: float = 0.2
    learning_rate: float = 0.025
    schedule: str = "cosine"
    learning_rate_min: float = 0.0
    learning_rate_decay: float = 0.97
    momentum: float = 0.9
    weight_decay: float = 3e-4
    gradient_clip: float = 5.0
    label_smoothing: float = 0.0
    flip: bool | None = None
    cutout: bool = True
    cutout_length: int | None = None
    precision: str = "float32"
    tensor_float_32: bool = True
    jit_compile: bool = False
    strategy: str = "auto"
    devices: tuple[str, ...] = ()
    logical_devices: int | None = None
    worker_timeout: int = 900
    sync_batch_norm: bool = False
    intra_op_threads: int | None = None
    inter_op_threads: int = 0
    profile: bool = False

    def __post_init__(self):
        if self.learning_rate_min > self.learning_rate:
            raise UserError(
                f"--learning_rate_min={self.learning_rate_min} is above "
                f"--learning_rate={self.learning_rate}; it must not be."
            )
        if self.cutout and self.stem == "imagenet":
            raise UserError("--cutout is for small images; give --nocutout.")
        if self.batch_size % self.accumulation_steps:
            raise UserError(
                f"--batch_size={self.batch_size} cannot be parted into "
                f"--accumulation_steps={self.accumulation_steps} equal parts; give a "
                "multiple."
            )

    def learning_rate_at(self, epoch):
        """Learning rate in an epoch, counted from 0; constant within it."""
        if self.schedule == "exponential":
            return self.learning_rate * self.learning_rate_decay**epoch
        return cosine(self.learning_rate, self.learning_rate_min, epoch, self.epochs)

    def drop_path_rate_at(self, epoch):
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
