"""What the figures of all pages look like."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from darts_tf.report.figure_settings import own_settings

INK = "#1d2430"
GRID = "#e3e6ea"
# Of the text beside small axes.
LABELS = {"color": INK, "fontsize": 9}

_SIZE = (5.2, 3.1)
# With more epochs than this, markers would hide the lines.
_MOST_MARKERS = 25


@own_settings
def new_figure(title: str, size: tuple[float, float] = _SIZE) -> Figure:
    """Returns an empty figure with a title.

    Args:
        title: Text above.
        size: Width and height in inches.
    """
    figure = Figure(figsize=size, facecolor="white", layout="constrained")
    figure.suptitle(title, fontsize=12, fontweight="bold", color=INK, parse_math=False)
    return figure


def legend_below(figure: Figure, axes: Axes) -> None:
    """Draws the legend of some axes below all of a figure.

    Args:
        figure: The figure.
        axes: Axes of the figure that have what all of them show.
    """
    handles, labels = axes.get_legend_handles_labels()
    place = "outside lower center"
    figure.legend(handles, labels, loc=place, ncols=3, fontsize=8, frameon=False)


def draw_grid(axes: Axes) -> None:
    """Gives small axes a grid, beneath what they show, and small numbers."""
    axes.grid(color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(which="both", labelsize=8)


def style_axes(axes: Axes, epochs: Sequence[float], num_ticks: int = 8) -> None:
    """Gives axes over epochs their ticks, limits and colors.

    Args:
        axes: The axes.
        epochs: The epochs drawn, at least one.
        num_ticks: Most ticks over the epochs.
    """
    axes.grid(color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color("#9aa3af")
    axes.tick_params(colors="#4a5260", labelsize=9)
    axes.xaxis.set_major_locator(whole_numbers(num_ticks))
    first, last = min(epochs), max(epochs)
    around = max(0.02 * (last - first), 0.5 if first == last else 0.06)
    axes.set_xlim(first - around, last + around)


def marker_of(epochs: Sequence[float]) -> str:
    """Returns the marker of a line over these epochs: none if there are many."""
    return "o" if len(epochs) <= _MOST_MARKERS else ""


def whole_numbers(num_ticks: int) -> MaxNLocator:
    """Returns what sets at most so many ticks, at whole numbers."""
    steps = (1, 2, 5, 10)
    return MaxNLocator(num_ticks, integer=True, min_n_ticks=1, steps=steps)
