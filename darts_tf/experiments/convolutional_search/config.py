"""Settings of a convolutional search, with the paper's values as defaults."""

import dataclasses

from darts_tf.convolutional.primitives import DARTS_PRIMITIVES, get_primitive
from darts_tf.errors import UserError
from darts_tf.optimization.schedules import cosine
from darts_tf.plugins import import_modules


@dataclasses.dataclass(frozen=True)
class SearchConfig:
    """Settings of a search (paper, section 3.1.1 and appendix A.1.1).

    Attributes:
        order: "first" or "second".
        hessian: "exact" or "finite_difference", for the second order.
        dataset: "digits", the name of a TFDS image classification set, or a folder
            with one folder of images for each class.
        data_dir: Folder with TFDS data, or `None` for TFDS' own.
        image_size: Height and width in pixels, or `None` for the data's own.
        train_portion: Share of the images that train w; the others train alpha.
        crop_padding: Pixels added around an image before a random crop, or `None`
            for an eighth of the image size.
        flip: Whether images are mirrored at random; `None` for yes, but for digits.
        cutout: Whether a square of each training image is erased.
        cutout_length: Side of that square in pixels.
        seed: Fixes initial weights, split, order and augmentation.
        deterministic: Whether TensorFlow may only use operations that give the same
            bits again; needed on a GPU.
        epochs: Number of epochs.
        steps_per_epoch: Steps of an epoch, or `None` for one pass over the
            training half.
        validation_steps: Batches of the validation after an epoch, or `None` for as
            many as `steps_per_epoch`, and all where that is `None` too.
        batch_size: Images of each half in a step, on all devices together.
        layers, init_channels, nodes: Cells, channels of the first cells, and
            intermediate nodes of a cell.
        primitives: Names of registered primitives.
        primitive_modules: Python modules to import first, that register primitives.
        learning_rate, learning_rate_min: Of w, from the first towards the second by
            a cosine over the epochs.
        momentum, weight_decay: Of w.
        gradient_clip: Largest norm of the gradient of w.
        arch_learning_rate, arch_weight_decay: Of alpha.
        recompute: Whether the gradient computes the mixed operations again instead of
            keeping what they computed.
        precision: "float32", "mixed_float16" or "mixed_bfloat16"; alpha, its softmax
            and w are in float32 in any case.
        tensor_float_32: Whether a newer GPU may round the factors of matrix products
            and convolutions in float32 to TensorFloat-32, which has 10 bits.
        jit_compile: Whether XLA compiles the step.
        strategy: "mirrored" for all visible devices, "single" for one of them,
            "multi_worker" for those of all machines that TF_CONFIG names, or "auto"
            for all.
        devices: Numbers of the GPUs to be used, as strings; all if there are none.
        logical_devices: Number of devices into which the CPU is divided, for a try
            without GPUs, or `None`.
        worker_timeout: Seconds after which a worker that waits for the others ends.
        sync_batch_norm: Whether the statistics of batch normalization are those of
            the global batch where there are several devices.
        intra_op_threads: Threads of one operation, 0 for one for each core; `None`
            for 1, and 0 on a machine with a GPU.
        inter_op_threads: Operations at a time, 0 for one for each core.
        profile: Whether some steps are profiled.
    """

    order: str = "second"
    hessian: str = "exact"
    dataset: str = "cifar10"
    data_dir: str | None = None
    image_size: int | None = None
    train_portion: float = 0.5
    crop_padding: int | None = None
    flip: bool | None = None
    cutout: bool = False
    cutout_length: int = 16
    seed: int = 2
    deterministic: bool = False
    epochs: int = 50
    steps_per_epoch: int | None = None
    validation_steps: int | None = None
    batch_size: int = 64
    layers: int = 8
    init_channels: int = 16
    nodes: int = 4
    primitives: tuple[str, ...] = DARTS_PRIMITIVES
    primitive_modules: tuple[str, ...] = ()
    learning_rate: float = 0.025
    learning_rate_min: float = 0.001
    momentum: float = 0.9
    weight_decay: float = 3e-4
    gradient_clip: float = 5.0
    arch_learning_rate: float = 3e-4
    arch_weight_decay: float = 1e-3
    recompute: bool = False
    precision: str = "float32"
    tensor_float_32: bool = False
    jit_compile: bool = False
    strategy: str = "auto"
    devices: tuple[str, ...] = ()
    logical_devices: int | None = None
    worker_timeout: int = 900
    sync_batch_norm: bool = True
    intra_op_threads: int | None = None
    inter_op_threads: int = 0
    profile: bool = False

    def __post_init__(self):
        if self.learning_rate_min > self.learning_rate:
            raise UserError(
                f"--learning_rate_min={self.learning_rate_min} is above "
                f"--learning_rate={self.learning_rate}; it must not be."
            )

    def check_primitives(self):
        """Imports the modules that register primitives, and looks all names up."""
        import_modules("primitive_modules", self.primitive_modules)
        try:
            primitives = [get_primitive(name) for name in self.primitives]
        except ValueError as error:
            raise UserError(f"--primitives: {error}") from error
        if len(set(self.primitives)) < len(self.primitives):
            raise UserError("--primitives names a primitive twice.")
        if all(primitive.is_zero for primitive in primitives):
            raise UserError("--primitives needs at least one that is not `none`.")

    def learning_rate_at(self, epoch):
        """Learning rate of w in an epoch, counted from 0; constant within it."""
        return cosine(self.learning_rate, self.learning_rate_min, epoch, self.epochs)
