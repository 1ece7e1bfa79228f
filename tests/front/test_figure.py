"""The figure of a front."""

import pytest

from darts_tf.front.figure import front_figure
from darts_tf.front.run import FrontCell

CELLS = [
    FrontCell("found", "300", 290.0, 0.25),
    FrontCell("random", "1", 310.0, 0.4),
    FrontCell("random", "2", 280.0, 0.5),
    FrontCell("published", "DARTS_V2", 520.0, 0.2),
]


def test_each_kind_has_its_points_and_the_axes_say_what_they_are():
    axes = front_figure(CELLS, "M mult-adds", [300.0], error="error (%)").axes[0]
    points = [x.get_offsets().tolist() for x in axes.collections]
    expected = [[(310, 40), (280, 50)], [(520, 20)], [(290, 25)]]
    assert [[*map(tuple, x)] for x in points] == [
        [pytest.approx(pair) for pair in x] for x in expected
    ]
    assert axes.get_xlabel() == "M mult-adds" and axes.get_ylabel() == "error (%)"
    assert [x.get_text() for x in axes.texts] == ["DARTS_V2", "target 300"]
