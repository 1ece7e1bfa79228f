import numpy as np

from benchmarks.latency.figure import latency_figure, latency_rows
from benchmarks.latency.log import Series
from darts_tf.report.figure_files import figure_to_svg

PREDICTED = (1.0, 2.0, 3.0, 4.0)


def test_rows_with_and_without_a_line():
    measured = tuple(1.25 * x + 0.5 for x in PREDICTED)
    at_pace = tuple(0.95 * x + 0.1 for x in PREDICTED)
    found = [
        Series("litert", PREDICTED, measured, at_pace),
        Series("onnx", PREDICTED[:2], (1.0, 2.5), (1.0, 2.0)),
    ]
    rows = latency_rows(found).splitlines()
    errors = np.abs(np.array(PREDICTED) / measured - 1)
    assert rows[2:] == [
        f"| litert | as measured | 4 | 1.75 to 5.5 | {errors.mean():.1%} | 1.000 | 0% "
        "| 1.250 | 0.5 | 0.0% | 100% |",
        "| litert | at the table's pace | 4 | 1.05 to 3.9 | 2.3% | 1.000 | 100% "
        "| 0.950 | 0.1 | 0.0% | 100% |",
        "| onnx | as measured | 2 | 1 to 2.5 | 10.0% | 1.000 | 50% |  |  |  |  |",
        "| onnx | at the table's pace | 2 | 1 to 2 | 0.0% | 1.000 | 100% |  |  |  |  |",
    ]


def test_a_panel_for_each_runtime():
    found = [Series(name, PREDICTED, PREDICTED, PREDICTED) for name in ("a", "b")]
    figure = latency_figure(found)
    assert [axes.get_title() for axes in figure.axes] == ["a", "b"]
    for points in figure.axes[0].lines[:2]:
        np.testing.assert_array_equal(
            points.get_xydata(), np.transpose([PREDICTED] * 2)
        )
    assert b"<svg" in figure_to_svg(latency_figure(found[:1]))
