"""Figures of a run's metrics over its epochs, of those lines that it has."""

import math
from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from darts_tf.genotype.saved_genotype import cell_name
from darts_tf.method.history import FROZEN, UNDECIDED
from darts_tf.method.search.costed_search import DERIVED, EXPECTED, MIXTURE
from darts_tf.report.figure_settings import own_settings
from darts_tf.report.figure_style import (
    INK,
    marker_of,
    new_figure,
    style_axes,
    whole_numbers,
)
from darts_tf.report.primitive_colors import KINDS

TRAIN = {"color": "#2563b8", "label": "training, step of the weights"}
ARCH = {"color": "#d9730d", "label": "validation, step of alpha"}
VALID = {"color": "#23875a", "label": "validation, after the epoch"}
NORMAL = {"color": "#2563b8", "label": "normal cell"}
# Dashed and hollow, so that the normal cell shows where both are equal.
REDUCE = {
    "color": "#d9730d",
    "label": "reduction cell",
    "linestyle": "--",
    "fillstyle": "none",
    "markersize": 6.5,
}

# The start of the columns with numbers of skip connections, before the kind of a cell.
SKIP_COLUMNS = "skip_connect_"
# What some methods count: by its column the title of the figure, and what is counted.
COUNTS = {
    UNDECIDED: ("Decisions still to be made for good", "decisions"),
    FROZEN: ("Operations of all cells that are frozen", "operations"),
}

_MARK = {"color": KINDS[-1].color, "linestyle": ":"}

Metrics = Mapping[str, Sequence[float]]


@own_settings
def losses(metrics: Metrics) -> Figure:
    """Draws the cross entropies over the epochs.

    Args:
        metrics: Columns of the metrics table, of equal length.
    """
    lines = {"loss": TRAIN, "arch_loss": ARCH, "val_loss": VALID}
    return _line_figure(metrics, "Loss", "cross entropy (nats)", lines)


@own_settings
def accuracies(metrics: Metrics) -> Figure:
    """Draws the accuracies over the epochs, arguments as `losses`."""
    lines = {"accuracy": TRAIN, "arch_accuracy": ARCH, "val_accuracy": VALID}
    return _line_figure(metrics, "Accuracy", "fraction correct", lines)


@own_settings
def errors(metrics: Metrics) -> Figure:
    """Draws the error rates, top 1 and top 5 if it is there, arguments as `losses`."""
    lines, rates = {}, {"epoch": metrics["epoch"]}
    for kind, look in (("", {}), ("top_5_", {"linestyle": "--", "fillstyle": "none"})):
        for part, style in (("", TRAIN), ("val_", VALID)):
            name = f"{part}{kind}accuracy"
            if name in metrics:
                rates[name] = [1 - accuracy for accuracy in metrics[name]]
                top = "top 5: " if kind else ""
                lines[name] = {**style, **look, "label": f"{top}{style['label']}"}
    figure = _line_figure(rates, "Error", "fraction wrong", lines)
    figure.axes[0].set_ylim(bottom=0)
    return figure


@own_settings
def perplexities(metrics: Metrics) -> Figure:
    """Draws the perplexities, and where averaged weights begin, as `losses`."""
    lines = {"perplexity": TRAIN, "val_perplexity": VALID}
    figure = _line_figure(metrics, "Perplexity", "perplexity", lines)
    axes = figure.axes[0]
    if _scale_logarithmically_if_wide(axes, metrics, lines, ratio=5):
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_locator(NullLocator())
    begin = first_averaged_epoch(metrics)
    if begin is not None:
        axes.axvline(begin, label="averaging begins", **_MARK)
        _add_legend(axes)
    return figure


def first_averaged_epoch(metrics: Metrics) -> float | None:
    """Returns the first epoch with averaged weights, if there is any."""
    rows = zip(metrics["epoch"], metrics.get("averaging", ()))
    return next((epoch for epoch, averaging in rows if averaging == 1), None)


@own_settings
def learning_rate(metrics: Metrics) -> Figure:
    """Draws the learning rate of the weights, arguments as `losses`."""
    lines = {"learning_rate": {"color": TRAIN["color"]}}
    title = "Learning rate of the weights"
    figure = _line_figure(metrics, title, "learning rate", lines)
    most = max((rate for rate in metrics["learning_rate"] if rate > 0), default=1)
    figure.axes[0].set_ylim(0, 1.1 * most)
    return figure


@own_settings
def gradient_norms(metrics: Metrics) -> Figure:
    """Draws the norms of both gradients, arguments as `losses`."""
    weights = {**TRAIN, "label": "weights"}
    lines = {"gradient_norm": weights, "arch_gradient_norm": {**ARCH, "label": "alpha"}}
    figure = _line_figure(metrics, "Norm of the gradients", "norm", lines)
    if not _scale_logarithmically_if_wide(figure.axes[0], metrics, lines, ratio=30):
        figure.axes[0].set_ylim(bottom=0)
    return figure


@own_settings
def alpha_entropy(metrics: Metrics, num_primitives: int) -> Figure:
    """Draws how undecided alpha is, below the entropy of equal coefficients.

    Args:
        metrics: Columns of the metrics table, of equal length.
        num_primitives: Number of primitives on an edge.
    """
    lines = _lines_of_kinds(metrics, "entropy_")
    title = "Entropy of softmax(alpha), mean over the edges"
    figure = _line_figure(metrics, title, "entropy (nats)", lines)
    axes = figure.axes[0]
    limit = math.log(num_primitives)
    label = f"all {num_primitives} primitives equal"
    axes.axhline(limit, label=label, **_MARK)
    axes.autoscale(axis="y")
    axes.margins(y=0.1)
    axes.ticklabel_format(axis="y", useOffset=False)
    _add_legend(axes)
    return figure


@own_settings
def skip_connections(metrics: Metrics) -> Figure:
    """Draws the number of skip connections in the derived cells, as `losses`."""
    lines = _lines_of_kinds(metrics, SKIP_COLUMNS)
    title = "Skip connections in the derived cells"
    return _count_figure(metrics, title, "number of edges", lines)


@own_settings
def counts(metrics: Metrics, name: str) -> Figure:
    """Draws one of `COUNTS` over the epochs.

    Args:
        metrics: Columns of the metrics table, of equal length.
        name: The column.
    """
    title, unit = COUNTS[name]
    lines = {name: {"color": ARCH["color"]}}
    return _count_figure(metrics, title, f"number of {unit}", lines)


@own_settings
def costs(metrics: Metrics, unit: str, target: float | None) -> Figure:
    """Draws what the derived network costs, and what else was recorded of that.

    Args:
        metrics: Columns of the metrics table, of equal length.
        unit: Unit of the costs.
        target: The target, or `None`.
    """
    lines = {
        DERIVED: {**VALID, "label": "derived network"},
        EXPECTED: {**ARCH, "label": "expected"},
        MIXTURE: {**TRAIN, "label": "mixture"},
    }
    figure = _line_figure(metrics, "Cost of the derived network", unit, lines)
    if target is not None:
        (axes,) = figure.axes
        axes.axhline(target, **_MARK, label="target")
        _add_legend(axes)
    return figure


@own_settings
def table_accuracies(metrics: Metrics) -> Figure:
    """Draws what a table says of the derived cell, arguments as `losses`."""
    lines = {
        "table_valid": {**VALID, "label": "validation"},
        "table_test": {**ARCH, "label": "test"},
    }
    title = "Accuracy of the derived cell in the table"
    return _line_figure(metrics, title, "per cent correct", lines)


@own_settings
def table_ranks(metrics: Metrics) -> Figure:
    """Draws the rank of the derived cell in a table, arguments as `losses`."""
    title = "Rank of the derived cell in the table"
    lines = {"table_rank": {"color": VALID["color"]}}
    figure = _line_figure(metrics, title, "1 + number of better cells", lines)
    axes = figure.axes[0]
    axes.set_yscale("log")
    most = max((rank for rank in metrics["table_rank"] if rank == rank), default=0)
    axes.set_ylim(0.8, max(10, 1.3 * most))
    return figure


@own_settings
def eigenvalue(
    metrics: Metrics, means: Mapping[int, float], rise: float | None
) -> Figure:
    """Draws the Hessian's largest eigenvalue, and where RobustDARTS would stop.

    Args:
        metrics: Columns of the metrics table, of equal length.
        means: By epoch the means that RobustDARTS compares.
        rise: The epoch whose genotype it keeps, or `None`.
    """
    pairs = zip(metrics["epoch"], metrics["eigenvalue"])
    epochs, values = zip(*(pair for pair in pairs if math.isfinite(pair[1])))
    measured = {"epoch": epochs, "eigenvalue": values}
    lines = {"eigenvalue": {**ARCH, "label": "last validation batch"}}
    title = "Largest eigenvalue of the Hessian in alpha"
    figure = _line_figure(measured, title, "eigenvalue", lines)
    (axes,) = figure.axes
    if means:
        axes.plot(*zip(*means.items()), color=INK, lw=1.2, label="mean around it")
    if rise is not None:
        label = "kept by RobustDARTS, before it rises"
        axes.axvline(rise, label=label, **_MARK)
    _add_legend(axes)
    return figure


def _lines_of_kinds(metrics, prefix):
    """The lines of columns whose names end with the kind of a cell."""
    known = {"normal": NORMAL, "reduce": REDUCE}
    kinds = [name.removeprefix(prefix) for name in metrics if name.startswith(prefix)]
    return {
        prefix + kind: known.get(kind, {**NORMAL, "label": cell_name(kind)})
        for kind in kinds
    }


def _line_figure(metrics, title, y_label, lines):
    figure = new_figure(title)
    axes = figure.subplots()
    epochs = metrics["epoch"]
    lines = {name: style for name, style in lines.items() if name in metrics}
    for name, style in lines.items():
        style = {"marker": marker_of(epochs), "markersize": 4, "lw": 1.8} | style
        axes.plot(epochs, metrics[name], **style)
    style_axes(axes, epochs)
    axes.set_xlabel("epoch", color="#4a5260", fontsize=9)
    axes.set_ylabel(y_label, color="#4a5260", fontsize=9)
    if len(lines) > 1:
        _add_legend(axes)
    return figure


def _count_figure(metrics, title, y_label, lines):
    """Lines of whole numbers, from 0 up, as steps."""
    figure = _line_figure(metrics, title, y_label, lines)
    axes = figure.axes[0]
    for line in axes.lines:
        line.set_drawstyle("steps-mid")
    most = max([3, *(v for x in lines for v in metrics[x] if math.isfinite(v))])
    axes.set_ylim(-0.06 * most, 1.12 * most)
    axes.yaxis.set_major_locator(whole_numbers(8))
    return figure


def _scale_logarithmically_if_wide(axes, metrics, lines, ratio):
    """Sets a logarithmic axis if it spans more than `ratio`; returns whether it did."""
    values = [value for name in lines for value in metrics[name] if value > 0]
    wide = bool(values) and max(values) > ratio * min(values)
    if wide:
        axes.set_yscale("log")
    return wide


def _add_legend(axes):
    axes.legend(fontsize=8.5, frameon=True, framealpha=0.85, edgecolor="none")
