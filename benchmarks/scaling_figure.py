"""Draws the predicted time of a search step on 1, 8 and 64 GPUs.

```shell
python -m benchmarks.scaling_figure docs/scaling.md docs/scaling.svg
```

Reads the collectives from the table that `benchmarks.replica_collectives` prints, in
any text that holds it. A step that takes T seconds on one GPU is predicted to take

    T / n + communication_seconds

on n GPUs that share its batch: as if a GPU were as fast with a small part of a batch,
and nothing else came to it. Also prints from which T on more GPUs pay.
"""

import pathlib
import re
import sys
from typing import NamedTuple

import numpy as np

from benchmarks.replica_collectives import LINKS, communication_seconds
from darts_tf.atomic_file import write_atomically
from darts_tf.report.figure_files import figure_to_svg
from darts_tf.report.figure_settings import own_settings
from darts_tf.report.figure_style import GRID, INK, legend_below, new_figure

_SECONDS = np.geomspace(1e-3, 10, 41)
_STYLES = {"of each device": "-", "of all devices": "--"}
_COLORS = {8: "#2563b8", 64: "#d9730d"}
_ROW = re.compile(
    r"^\| (first|second[^|]*) \| (of (?:each|all) devices?) "
    r"\| (\d+) \| \d+ \| ([\d.]+) \|",
    re.MULTILINE,
)


class Collectives(NamedTuple):
    """A row of the table.

    Attributes:
        order: Order of the gradient, and how the mixed derivative is computed.
        statistics: Whose statistics batch normalization takes.
        count: Collectives of a step.
        megabytes: What one device hands to all of them.
    """

    order: str
    statistics: str
    count: int
    megabytes: float

    def seconds(self, devices):
        """Predicted time of all of them on so many devices, 1 or one of `LINKS`."""
        if devices == 1:
            return 0.0
        sizes = [1e6 * self.megabytes / self.count] * self.count
        return communication_seconds(sizes, devices, *LINKS[devices])

    def least_step(self, fewer, more):
        """Seconds of a step on one device from which `more` devices beat `fewer`.

        T / more + seconds(more) < T / fewer + seconds(fewer)
        """
        return (self.seconds(more) - self.seconds(fewer)) / (1 / fewer - 1 / more)


def read_table(text):
    """Returns the `Collectives` of each row in a text."""
    return [
        Collectives(order, statistics, int(count), float(megabytes))
        for order, statistics, count, megabytes in _ROW.findall(text)
    ]


@own_settings
def scaling_figure(rows):
    """Draws a panel for each order.

    Args:
        rows: List of `Collectives`.

    Returns:
        `matplotlib.figure.Figure`.
    """
    orders = list(dict.fromkeys(row.order for row in rows))
    figure = new_figure("Predicted time of a search step", (3.4 * len(orders), 3.8))
    panels = figure.subplots(1, len(orders), sharey=True, squeeze=False)[0]
    for axes, order in zip(panels, orders):
        axes.loglog(_SECONDS, _SECONDS, color=INK, label="1 GPU")
        for row in rows:
            if row.order == order:
                _draw(axes, row)
        axes.set_title(_title(order), fontsize=10, color=INK)
        axes.set_xlabel("step on one GPU, s", color=INK, fontsize=9)
        axes.grid(color=GRID, linewidth=0.8)
        axes.tick_params(labelsize=9)
        axes.spines[["top", "right"]].set_visible(False)
    panels[0].set_ylabel("step on several GPUs, s", color=INK, fontsize=9)
    legend_below(figure, panels[0])
    return figure


def _title(order):
    name, _, hessian = order.partition(", ")
    return ", ".join(filter(None, [f"{name} order", hessian.replace("_", " ")]))


def _draw(axes, row):
    for devices, color in _COLORS.items():
        axes.loglog(
            _SECONDS,
            _SECONDS / devices + row.seconds(devices),
            color=color,
            linestyle=_STYLES[row.statistics],
            label=f"{devices} GPUs, statistics {row.statistics}",
        )


def main(source, target):
    rows = read_table(pathlib.Path(source).read_text("utf-8"))
    if not rows:
        sys.exit(f"{source} holds no table of benchmarks.replica_collectives.")
    write_atomically(target, figure_to_svg(scaling_figure(rows)))
    print("| order | batch statistics | 8 GPUs pay from | 64 rather than 8 from |")
    print("|---|---|---|---|")
    for row in rows:
        times = [f"{1000 * row.least_step(*n):.1f} ms" for n in ((1, 8), (8, 64))]
        print(f"| {row.order} | {row.statistics} | {' | '.join(times)} |")


if __name__ == "__main__":
    main(*sys.argv[1:])
