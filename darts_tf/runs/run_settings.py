"""Settings that all runs have: a new one here gets a flag in every binary."""

from typing import ClassVar

from darts_tf.distribution.devices import STRATEGIES
from darts_tf.limits import MAX_BATCH_SIZE, MAX_COUNT, MAX_SEED, MAX_THREADS
from darts_tf.settings import Settings, setting

_MAX_DEVICES = 64


class RunSettings(Settings):
    """Settings of all runs."""

    group_order: ClassVar = (
        "Method",
        "Data",
        "Network",
        "Optimization",
        "Devices",
        "Run",
        "Computation",
    )

    epochs: int = setting(
        50, "Number of epochs.", group="Optimization", least=1, most=MAX_COUNT
    )
    steps_per_epoch: int | None = setting(
        None,
        "Steps of an epoch; default is one pass over the data that train the weights "
        "w.",
        group="Optimization",
        least=1,
        most=MAX_COUNT,
    )
    batch_size: int = setting(
        64,
        "Examples of a step, on all devices together.",
        group="Optimization",
        least=2,
        most=MAX_BATCH_SIZE,
    )
    learning_rate: float = setting(
        0.025, "Learning rate of the weights w.", group="Optimization", least=0.0
    )
    weight_decay: float = setting(
        3e-4,
        "Weight decay of the weights w, added to their clipped gradient.",
        group="Optimization",
        least=0.0,
    )
    gradient_clip: float = setting(
        5.0,
        "Norm of the gradient of the weights w beyond which it is scaled down to that "
        "norm.",
        group="Optimization",
        least=1e-6,
    )

    strategy: str = setting(
        "auto",
        "Devices that compute. mirrored: every visible device takes its part of each "
        "batch, and all apply the same step; multi_worker: as well those of all "
        "machines that the environment variable TF_CONFIG names; single: one device; "
        "auto: multi_worker where TF_CONFIG names several machines, mirrored where "
        "several GPUs or `logical_devices` are visible.",
        group="Devices",
        choices=STRATEGIES,
        free=True,
    )
    devices: tuple[str, ...] = setting(
        (),
        "Numbers of the GPUs to be used, as 0,1; default is all.",
        group="Devices",
        free=True,
    )
    logical_devices: int | None = setting(
        None,
        "Number of devices into which the CPU is divided, to try several devices "
        "without GPUs; default is one.",
        group="Devices",
        least=1,
        most=_MAX_DEVICES,
        free=True,
    )
    worker_timeout: int = setting(
        900,
        "Seconds without a finished step after which a worker takes another one for "
        "lost, and ends; it must be longer than what follows an epoch takes.",
        group="Devices",
        least=1,
        most=MAX_COUNT,
        free=True,
    )

    seed: int = setting(
        0,
        "Number that fixes the whole run: initial weights, order of the data and all "
        "that is drawn.",
        group="Run",
        least=0,
        most=MAX_SEED,
    )
    deterministic: bool = setting(
        False,
        "Whether only operations that repeat their bits are used; needed on GPUs.",
        group="Run",
    )
    tensor_float_32: bool = setting(
        False,
        "Whether newer GPUs may round the factors of matrix products and convolutions "
        "in float32 to 10 bits (TensorFloat-32), which is faster.",
        group="Run",
    )
    intra_op_threads: int | None = setting(
        None,
        "Threads of one operation, 0 for one a core; another number gives other bits. "
        "Default is 1, and 0 on a machine with a GPU.",
        group="Run",
        least=0,
        most=MAX_THREADS,
    )
    inter_op_threads: int = setting(
        0,
        "Number of operations at a time, 0 for one a core.",
        group="Run",
        least=0,
        most=MAX_THREADS,
    )
    compilation_cache: str | None = setting(
        None,
        "Folder that keeps what XLA has compiled, so that the same run starts faster "
        "the next time; it is machine code, so nobody else may write there. Default "
        "keeps nothing.",
        group="Run",
        free=True,
    )
    profile: bool = setting(
        False,
        "Whether steps 2 to 4 after the start are profiled, for TensorBoard; its "
        "plug-in xprof shows them.",
        group="Run",
        free=True,
    )

    @property
    def total_epochs(self) -> int:
        """Number of epochs of the run, where others may follow on `epochs`."""
        return self.epochs


class PrecisionSettings(Settings):
    """Setting of what computes in mixed precision, too."""

    precision: str = setting(
        "float32",
        "Data type of the computation; the mixed ones keep the weights in float32.",
        group="Computation",
        choices=("float32", "mixed_float16", "mixed_bfloat16"),
    )
