"""Sizes and settings of the benchmark of the search step."""

import dataclasses

FORMS = ("plain", "default", "recompute")
ORDERS = ("first", "finite_difference", "exact")


@dataclasses.dataclass(frozen=True)
class Sizes:
    """Sizes of the network and of a batch; small ones by default.

    Attributes:
        init_channels: Channels of the first cells.
        layers: Number of cells.
        nodes: Intermediate nodes of a cell.
        batch_size: Images of each half in a step.
        image_size: Height and width in pixels.
    """

    init_channels: int = 4
    layers: int = 3
    nodes: int = 2
    batch_size: int = 8
    image_size: int = 16


# The paper's, section 3.1.1.
FULL_SIZES = Sizes(init_channels=16, layers=8, nodes=4, batch_size=64, image_size=32)


@dataclasses.dataclass(frozen=True)
class StepSettings:
    """One measurement.

    Attributes:
        form: One of `FORMS`.
        order: One of `ORDERS`.
        sizes: `Sizes`.
        steps: Steps measured after the first.
    """

    form: str = "default"
    order: str = "first"
    sizes: Sizes = Sizes()
    steps: int = 3


@dataclasses.dataclass(frozen=True)
class BenchmarkConfig:
    """All measurements of a call of the benchmark.

    Attributes:
        sizes: `Sizes`.
        forms: Some of `FORMS`: one chain of operations for each primitive on each
            edge, the network as it is, and one that computes again in the backward
            pass what it did not keep.
        orders: Some of `ORDERS`.
        plain_orders: Those of them that the plain form is measured in.
        repetitions: Rounds over all of these.
        steps: Steps measured in each process after the first.
        output: Path of a JSON file with every measurement, or `None`.
        sweep: Names of sizes, each to be varied in the first order instead.
        plot: Path of the figure of a sweep, .svg or .png.
        module: What a process that measures runs.
    """

    sizes: Sizes = Sizes()
    forms: tuple[str, ...] = FORMS
    orders: tuple[str, ...] = ORDERS
    plain_orders: tuple[str, ...] = ("first",)
    repetitions: int = 1
    steps: int = 3
    output: str | None = None
    sweep: tuple[str, ...] = ()
    plot: str = "runs/search_step_cost.svg"
    module: str = "benchmarks.step_measurement"

    def measurements(self):
        """Returns the `StepSettings` of one round, forms next to each other."""
        return [
            StepSettings(form, order, self.sizes, self.steps)
            for order in self.orders
            for form in self.forms
            if form != "plain" or order in self.plain_orders
        ]

    def sweep_measurements(self, name):
        """Returns the `StepSettings` of one round over values of the size `name`."""
        value = getattr(self.sizes, name)
        values = sorted({max(2, value * percent // 100) for percent in _SWEEP_PERCENT})
        return [
            StepSettings(
                sizes=dataclasses.replace(self.sizes, **{name: value}),
                steps=self.steps,
            )
            for value in values
        ]


_SWEEP_PERCENT = (50, 100, 150, 200)
