"""Settings of the benchmark of the methods."""

from benchmarks.search_step.settings import ORDERS, BenchmarkConfig, StepSettings
from darts_tf.methods import get_preset, preset_names
from darts_tf.settings import changed

# In place of an order: the products for the largest eigenvalue of the Hessian in alpha.
EIGENVALUE = "eigenvalue"


class MethodBenchmarkConfig(BenchmarkConfig):
    """All measurements of a call of the benchmark; a form is the name of a method."""

    forms: tuple[str, ...] = changed(
        BenchmarkConfig,
        "forms",
        default=preset_names("convolutional"),
        help="Methods to compare; DARTS is measured in any case.",
        choices=preset_names("convolutional"),
    )
    orders: tuple[str, ...] = changed(
        BenchmarkConfig,
        "orders",
        help=f"Orders of the architecture gradient, some of {', '.join(ORDERS)}; and "
        f"{EIGENVALUE}, a product with the Hessian in alpha instead of a step.",
        choices=(*ORDERS, EIGENVALUE),
    )
    module: str = "benchmarks.search_methods.measurement"

    def measurements(self):
        """Returns the `StepSettings` of one round, DARTS first in each order."""
        names = ["darts", *(name for name in self.forms if name != "darts")]
        return [
            StepSettings(name, order, self.sizes, self.steps)
            for order in self.orders
            for name in names
            if order == "first" or get_preset(name).settings.get("levels") != 1
        ]
