"""Sizes and settings of the benchmark of the search step."""

import dataclasses
import json

from darts_tf.limits import (
    MAX_BATCH_SIZE,
    MAX_CELLS,
    MAX_CHANNELS,
    MAX_COUNT,
    MAX_IMAGE_SIZE,
    MAX_NODES,
)
from darts_tf.settings import Settings, setting

FORMS = ("plain", "default", "recompute")
ORDERS = ("first", "finite_difference", "exact")


def _some_of(choices):
    return f"some of {', '.join(choices)}"


class Sizes(Settings):
    """Sizes of the network and of a batch; small ones by default."""

    init_channels: int = setting(
        4, "Channels of the first cells.", group="Sizes", least=2, most=MAX_CHANNELS
    )
    layers: int = setting(3, "Number of cells.", group="Sizes", least=1, most=MAX_CELLS)
    nodes: int = setting(
        2, "Intermediate nodes of a cell.", group="Sizes", least=1, most=MAX_NODES
    )
    batch_size: int = setting(
        8, "Images of each half in a step.", group="Sizes", least=2, most=MAX_BATCH_SIZE
    )
    image_size: int = setting(
        16, "Height and width in pixels.", group="Sizes", least=4, most=MAX_IMAGE_SIZE
    )


SMALL_SIZES = Sizes()
# The paper's, section 3.1.1.
FULL_SIZES = Sizes(init_channels=16, layers=8, nodes=4, batch_size=64, image_size=32)
# Those of the network that is trained from scratch, section 3.2.1.
FULL_EVALUATION_SIZES = Sizes(
    init_channels=36, layers=20, nodes=4, batch_size=96, image_size=32
)


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
    sizes: Sizes = SMALL_SIZES
    steps: int = 3

    @classmethod
    def from_json(cls, text, sizes=Sizes):
        """Reads the settings that `dataclasses.asdict` has made of some.

        Args:
            text: Their JSON.
            sizes: Class of `sizes`.
        """
        values = json.loads(text)
        return cls(**{**values, "sizes": sizes(**values["sizes"])})


class BenchmarkConfig(Settings):
    """All measurements of a call of the benchmark.

    Beside its settings, `sizes` are the `Sizes`, `sweep` the names of those of them
    that are varied in the first order instead, and `module` is what a process that
    measures runs.
    """

    sizes: Sizes = SMALL_SIZES
    forms: tuple[str, ...] = setting(
        FORMS,
        f"Forms of the network to compare, {_some_of(FORMS)}: one chain of operations "
        "for each primitive on each edge, the network as it is, and one that computes "
        "again in the backward pass what it did not keep.",
        group="Measurements",
        choices=FORMS,
    )
    orders: tuple[str, ...] = setting(
        ORDERS,
        f"Orders of the architecture gradient, {_some_of(ORDERS)}.",
        group="Measurements",
        choices=ORDERS,
    )
    plain_orders: tuple[str, ...] = setting(
        ("first",),
        f"Orders that the plain form is measured in, {_some_of(ORDERS)}.",
        group="Measurements",
        choices=ORDERS,
    )
    repetitions: int = setting(
        1, "Rounds over all of these.", group="Measurements", least=1, most=MAX_COUNT
    )
    steps: int = setting(
        3,
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
    plot: str = setting(
        "runs/search_step_cost.svg",
        "Figure of a sweep, .svg or .png.",
        group="Measurements",
    )
    sweep: tuple[str, ...] = ()
    module: str = "benchmarks.search_step.measurement"

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
