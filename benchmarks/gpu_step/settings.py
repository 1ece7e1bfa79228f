"""Settings of the benchmark of steps on a GPU."""

import dataclasses

from benchmarks.search_step.settings import ORDERS, SMALL_SIZES, Sizes
from darts_tf.convolutional.forms.form import EDGES, FORMS, GROUPED
from darts_tf.errors import UserError
from darts_tf.limits import MAX_COUNT
from darts_tf.settings import Settings, setting

SEARCH, EVALUATION = NETWORKS = ("search", "evaluation")
KERNELS, XLA = EXECUTIONS = ("kernels", "xla")
FLOAT32, TENSOR_FLOAT_32 = "float32", "tensor_float_32"
PRECISIONS = (FLOAT32, TENSOR_FLOAT_32, "mixed_bfloat16", "mixed_float16")


@dataclasses.dataclass(frozen=True)
class GpuStep:
    """One measurement, or one count.

    Attributes:
        network: One of `NETWORKS`.
        form: One of `form.FORMS`, `None` of an evaluation network.
        order: One of `ORDERS`, `None` of an evaluation network.
        execution: One of `EXECUTIONS`.
        precision: One of `PRECISIONS`.
        sizes: `Sizes`; the nodes of an evaluation network are those of its genotype.
        steps: Steps measured after the first.
    """

    network: str = SEARCH
    form: str | None = EDGES
    order: str | None = "first"
    execution: str = KERNELS
    precision: str = FLOAT32
    sizes: Sizes = SMALL_SIZES
    steps: int = 20

    def __str__(self):
        parts = (self.network, self.form, self.order, self.execution, self.precision)
        return ", ".join(filter(None, parts))


class GpuBenchmarkConfig(Settings):
    """All measurements of a call of the benchmark.

    Beside its settings, `sizes` are the `Sizes` of the search network, and
    `evaluation_sizes` those of the evaluation network.

    Raises:
        UserError: If settings do not fit together.
    """

    sizes: Sizes = SMALL_SIZES
    evaluation_sizes: Sizes = SMALL_SIZES
    networks: tuple[str, ...] = setting(
        NETWORKS,
        "Networks whose step is measured: that of a search, and that of a training "
        "with the cells DARTS_V2, whose full sizes are 36 channels, 20 cells and a "
        "batch of 96.",
        group="Measurements",
        choices=NETWORKS,
    )
    forms: tuple[str, ...] = setting(
        FORMS, "Forms of the search network.", group="Measurements", choices=FORMS
    )
    orders: tuple[str, ...] = setting(
        ORDERS,
        "Orders of the architecture gradient of a search.",
        group="Measurements",
        choices=ORDERS,
    )
    executions: tuple[str, ...] = setting(
        EXECUTIONS,
        "Ways to run a step. kernels: TensorFlow's kernels one by one, and the "
        "programs of XLA that the grouped form has; xla: one program of XLA for the "
        "whole step, not of the grouped form.",
        group="Measurements",
        choices=EXECUTIONS,
    )
    precisions: tuple[str, ...] = setting(
        (FLOAT32,),
        "Precisions of a step; with tensor_float_32 the GPU rounds the factors of "
        "float32 products.",
        group="Measurements",
        choices=PRECISIONS,
    )
    steps: int = setting(
        20,
        "Steps measured in each process after the first.",
        group="Measurements",
        least=1,
        most=MAX_COUNT,
    )
    output: str | None = setting(
        None,
        "JSON file for every measurement; default is none.",
        group="Measurements",
    )
    authors: str | None = setting(
        None,
        "Folder of the authors' code (cnn/ of github.com/quark0/darts), whose steps "
        "are measured too, where there is a GPU; default is none.",
        group="Other programs",
    )
    aot: bool = setting(
        False,
        "Compiles the steps that XLA runs for the GPU that `target` describes, where "
        "there is none, and counts kernels and bytes.",
        group="Other programs",
    )
    target: str | None = setting(
        None,
        "File that describes the GPU which `aot` compiles for, see "
        "benchmarks/gpu_step/h100.txtpb; default is this one, an H100.",
        group="Other programs",
    )
    python: str | None = setting(
        None,
        "Interpreter that has JAX, for `aot`, or PyTorch, for `authors`; default is "
        "the one of this program.",
        group="Other programs",
    )

    def measurements(self, executions=None):
        """Returns each `GpuStep`.

        Args:
            executions: Those of `EXECUTIONS` that are possible; default is all.
        """
        steps = [
            GpuStep(network, form, order, execution, precision, sizes, self.steps)
            for network, forms, orders, sizes in (
                (SEARCH, self.forms, self.orders, self.sizes),
                (EVALUATION, (None,), (None,), self.evaluation_sizes),
            )
            if network in self.networks
            for order in orders
            for form in forms
            for execution in self.executions
            if executions is None or execution in executions
            if (form, execution) != (GROUPED, XLA)
            for precision in self.precisions
        ]
        if not steps:
            raise UserError(
                "Nothing to measure or count: `executions=xla` needs a GPU or `aot`, "
                "and another form than grouped."
            )
        return steps
