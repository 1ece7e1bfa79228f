import numpy as np
import pytest

from darts_tf.report.edge_tables import draw_edge_table, edge_names, frame_values
from darts_tf.report.figure_style import new_figure
from darts_tf.space.search_space import convolutional_space

SPACE = convolutional_space(("none", "skip_connect"), 1).of("normal")


def test_values_and_what_is_framed():
    axes = new_figure("table").subplots()
    values = np.array([[-0.001, 0.5], [0.9, -0.8]])
    draw_edge_table(axes, SPACE, values, "RdBu", (-1, 1))
    assert [text.get_text() for text in axes.texts] == ["0.00", "0.50", "0.90", "-0.80"]
    # On dark ground, at both ends of the colours.
    is_white = [text.get_color() == "white" for text in axes.texts]
    assert is_white == [False, False, True, True]
    names = [label.get_text() for label in axes.get_xticklabels()]
    assert names == ["none", "skip_connect"]
    frame_values(axes, [(1, 0)], "the largest")
    (frame,) = axes.patches
    assert frame.get_center() == pytest.approx((0, 1))
    assert axes.get_xlabel() == "framed: the largest"


def test_names_of_edges():
    assert edge_names(SPACE) == ["0 ← $c_{k-2}$", "0 ← $c_{k-1}$"]
