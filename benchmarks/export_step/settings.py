"""Settings of the export of a step."""

from benchmarks.gpu_step.settings import (
    FLOAT32,
    NETWORKS,
    PRECISIONS,
    SEARCH,
    XLA,
    GpuStep,
)
from benchmarks.search_step.settings import ORDERS, SMALL_SIZES, Sizes
from darts_tf.convolutional.forms.form import EDGES, FORMS
from darts_tf.settings import Settings, setting


class ExportStepConfig(Settings):
    """What `benchmarks.export_step` writes; beside its settings `sizes`."""

    sizes: Sizes = SMALL_SIZES
    network: str = setting(
        SEARCH,
        "Network whose step it is, see benchmarks.gpu_step.",
        group="Step",
        choices=NETWORKS,
    )
    form: str = setting(
        EDGES, "Form of the search network.", group="Step", choices=FORMS
    )
    order: str = setting(
        "first",
        "Order of the architecture gradient of a search.",
        group="Step",
        choices=ORDERS,
    )
    precision: str = setting(
        FLOAT32, "Precision of the step.", group="Step", choices=PRECISIONS
    )

    def step(self):
        """Returns the `GpuStep`."""
        is_search = self.network == SEARCH
        return GpuStep(
            self.network,
            self.form if is_search else None,
            self.order if is_search else None,
            XLA,
            self.precision,
            self.sizes,
        )
