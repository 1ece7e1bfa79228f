import math

import numpy as np
import pytest

from darts_tf.experiments.convolutional_search.results import (
    COLUMNS,
    TABLE_COLUMNS,
)
from darts_tf.genotype.cell import Cell
from darts_tf.report import alpha_heat_map, curves, figure_to_png
from darts_tf.report.alpha_figures import alpha_history
from darts_tf.report.figure_files import figure_to_svg
from darts_tf.space.cell_space import CellSpace
from tests.experiments.synthetic_run import PRIMITIVES

CURVES = {
    "losses": ("loss", "arch_loss", "val_loss"),
    "accuracies": ("accuracy", "arch_accuracy", "val_accuracy"),
    "learning_rate": ("learning_rate",),
    "gradient_norms": ("gradient_norm", "arch_gradient_norm"),
    "skip_connections": ("skip_connect_normal", "skip_connect_reduce"),
    "table_accuracies": ("table_valid", "table_test"),
    "table_ranks": ("table_rank",),
}
ALL_COLUMNS = (*COLUMNS, *TABLE_COLUMNS, *curves.COUNTS)


def _metrics(num_epochs):
    random = np.random.default_rng(0)
    table = {name: list(random.random(num_epochs)) for name in ALL_COLUMNS}
    return table | {"epoch": [float(epoch) for epoch in range(1, num_epochs + 1)]}


def _space(num_nodes, num_inputs=2, kind="normal", operations=tuple(PRIMITIVES)):
    return CellSpace(kind, num_inputs, num_nodes, operations)


def _coefficients(num_edges, seed=0):
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.ones(len(PRIMITIVES)), num_edges)


@pytest.mark.parametrize("num_epochs", [1, 3, 50])
@pytest.mark.parametrize("name", CURVES)
def test_curves_show_the_columns(name, num_epochs):
    metrics = _metrics(num_epochs)
    axes = getattr(curves, name)(metrics).axes[0]
    for line, column in zip(axes.lines, CURVES[name], strict=True):
        assert list(line.get_xdata()) == metrics["epoch"]
        assert list(line.get_ydata()) == metrics[column]
        assert (line.get_marker() == "o") == (num_epochs < 50)
    ticks = axes.get_xticks()
    assert all(tick == int(tick) for tick in ticks)
    low, high = axes.get_xlim()
    assert low < 1 and high > num_epochs


def test_a_kind_of_cell_of_any_name_has_a_line():
    metrics = {"epoch": [1, 2], "entropy_mine": [1, 0.5], "skip_connect_mine": [0, 2]}
    for figure, column in (
        (curves.alpha_entropy(metrics, 3), "entropy_mine"),
        (curves.skip_connections(metrics), "skip_connect_mine"),
    ):
        line = figure.axes[0].lines[0]
        assert list(line.get_ydata()) == metrics[column]
        assert line.get_label() == "mine cell"


@pytest.mark.parametrize("name", curves.COUNTS)
@pytest.mark.parametrize("most", [0, 2, 28])
def test_all_counts_are_within_the_limits(name, most):
    metrics = {"epoch": [1, 2, 3], name: [most, 0, math.nan]}
    axes = curves.counts(metrics, name).axes[0]
    assert list(axes.lines[0].get_ydata())[:2] == [most, 0]
    low, high = axes.get_ylim()
    assert low < 0 and max(most, 3) < high
    shown = [tick for tick in axes.get_yticks() if low <= tick <= high]
    assert len(shown) > 2 and all(tick == int(tick) for tick in shown)


def test_errors_and_perplexities():
    metrics = {"epoch": [1, 2], "accuracy": [0.5, 0.75], "val_accuracy": [0.25, 0.5]}
    axes = curves.errors(metrics).axes[0]
    shown = [list(line.get_ydata()) for line in axes.lines]
    assert shown == [[0.5, 0.25], [0.75, 0.5]]
    top_5 = {"top_5_accuracy": [0.9, 1], "val_top_5_accuracy": [0.875, 1]}
    axes = curves.errors(metrics | top_5).axes[0]
    assert len(axes.lines) == 4
    assert list(axes.lines[3].get_ydata()) == [0.125, 0]
    metrics = {"epoch": [1, 2], "perplexity": [900, 80], "val_perplexity": [700, 90]}
    axes = curves.perplexities(metrics).axes[0]
    assert axes.get_yscale() == "log" and len(axes.lines) == 2
    axes = curves.perplexities(metrics | {"averaging": [0, 1]}).axes[0]
    assert list(axes.lines[2].get_xdata()) == [2, 2]


def test_entropy_has_its_limit():
    axes = curves.alpha_entropy(_metrics(3), num_primitives=8).axes[0]
    assert axes.lines[-1].get_ydata() == pytest.approx([math.log(8)] * 2)
    assert axes.get_ylim()[1] > math.log(8)


def test_gradient_norms_of_different_size_have_a_logarithmic_axis():
    metrics = _metrics(3) | {"gradient_norm": [5, 4, 3]}
    metrics["arch_gradient_norm"] = [0.01, 0.02, math.nan]
    assert curves.gradient_norms(metrics).axes[0].get_yscale() == "log"
    metrics["arch_gradient_norm"] = [1, 1, 1]
    assert curves.gradient_norms(metrics).axes[0].get_yscale() == "linear"


def test_missing_values_are_no_fault():
    metrics = {name: [math.nan, math.nan] for name in ALL_COLUMNS} | {"epoch": [1, 2]}
    for name in CURVES:
        assert figure_to_png(getattr(curves, name)(metrics))
    for name in curves.COUNTS:
        assert figure_to_png(curves.counts(metrics, name))


def test_heat_map_names_edges_and_primitives():
    coefficients = _coefficients(5)
    cell = Cell.from_lists([[("skip_connect", 1)], [("none", 2)]], [3])
    axes = alpha_heat_map(coefficients, _space(2), "normal", cell).axes[0]
    rows = [label.get_text() for label in axes.get_yticklabels()]
    assert rows == [
        "0 ← $c_{k-2}$",
        "0 ← $c_{k-1}$",
        "1 ← $c_{k-2}$",
        "1 ← $c_{k-1}$",
        "1 ← 0",
    ]
    assert [label.get_text() for label in axes.get_xticklabels()] == PRIMITIVES
    shown = axes.images[0].get_array()
    np.testing.assert_allclose(shown, coefficients)
    frames = [(patch.get_x() + 0.46, patch.get_y() + 0.42) for patch in axes.patches]
    np.testing.assert_allclose(frames, [(3, 1), (0, 4)])


def test_heat_map_as_png():
    png = figure_to_png(alpha_heat_map(_coefficients(14), _space(4), "normal"))
    assert png.startswith(b"\x89PNG") and len(png) > 5000


@pytest.mark.parametrize("shape", [(4, 8), (14, 7), (14,)])
def test_coefficients_of_another_shape_is_refused(shape):
    with pytest.raises(ValueError, match="`coefficients`"):
        alpha_heat_map(np.zeros(shape), _space(4), "normal")


@pytest.mark.parametrize("num_epochs", [1, 3, 50])
def test_history_has_a_plot_for_each_edge(num_epochs):
    by_epoch = {e: _coefficients(5, e) for e in range(1, num_epochs + 1)}
    figure = alpha_history(by_epoch, _space(2), "normal")
    plots = [axes for axes in figure.axes if axes.lines]
    titles = [axes.get_title() for axes in plots]
    assert titles == [
        "0 ← $c_{k-2}$",
        "0 ← $c_{k-1}$",
        "1 ← $c_{k-2}$",
        "1 ← $c_{k-1}$",
        "1 ← 0",
    ]
    coefficients = [line.get_ydata() for line in plots[4].lines]
    np.testing.assert_allclose(np.sum(coefficients, axis=0), 1)
    assert len(coefficients) == len(PRIMITIVES)
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert names == PRIMITIVES


def test_figures_of_a_recurrent_cell():
    coefficients = _coefficients(3)
    cell = Cell.from_lists([[("skip_connect", 0)], [("none", 1)]], [2], 1, "mean")
    space = _space(2, 1, "recurrent")
    axes = alpha_heat_map(coefficients, space, "recurrent", cell).axes[0]
    names = ["1 ← 0", "2 ← 0", "2 ← 1"]
    assert [label.get_text() for label in axes.get_yticklabels()] == names
    frames = [(patch.get_x() + 0.46, patch.get_y() + 0.42) for patch in axes.patches]
    np.testing.assert_allclose(frames, [(3, 0), (0, 2)])
    figure = alpha_history({1: coefficients, 2: coefficients}, space, "recurrent")
    assert [axes.get_title() for axes in figure.axes if axes.lines] == names


def test_figures_of_operations_that_differ_from_edge_to_edge():
    coefficients = np.array([[0.27, 0.73], [0.88, 0.12]])
    space = _space(1, operations=(("skip_connect", "none"), ("none", "max_pool_3x3")))
    cell = Cell.from_lists([[("none", 0), ("none", 1)]], [2])
    axes = alpha_heat_map(coefficients, space, "normal", cell).axes[0]
    assert [text.get_text() for text in axes.texts] == [
        "skip_connect 0.27",
        "none 0.73",
        "none 0.88",
        "max_pool_3x3 0.12",
    ]
    frames = [(patch.get_x() + 0.46, patch.get_y() + 0.42) for patch in axes.patches]
    np.testing.assert_allclose(frames, [(1, 0), (0, 1)])
    figure = alpha_history({1: coefficients, 2: coefficients}, space, "normal")
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert names == ["skip_connect", "none", "max_pool_3x3"]
    first, second = ([line.get_color() for line in a.lines] for a in figure.axes)
    assert first[1] == second[0] and len({*first, *second}) == 3


def test_figures_are_reproducible():
    first, second = (
        figure_to_svg(alpha_heat_map(_coefficients(5), _space(2), "normal"))
        for _ in "ab"
    )
    assert first == second


@pytest.mark.parametrize("rise", [None, 3])
def test_the_eigenvalue_where_it_was_measured(rise):
    metrics = {"epoch": (1, 2, 3, 4), "eigenvalue": (math.nan, 0.1, math.nan, 0.3)}
    figure = curves.eigenvalue(metrics, {2: 0.2, 3: 0.25}, rise)
    (axes,) = figure.axes
    assert list(axes.lines[0].get_xdata()) == [2, 4]
    assert list(axes.lines[1].get_ydata()) == [0.2, 0.25]
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert any("RobustDARTS" in label for label in labels) == (rise is not None)
