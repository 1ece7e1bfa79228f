import numpy as np

from benchmarks.latency.figure import latency_figure, latency_rows
from benchmarks.latency.log import Series
from darts_tf.report.figure_files import figure_to_svg

PREDICTED = (1.0, 2.0, 3.0, 4.0)


def test_rows_with_and_without_a_line():
    measured = tuple(1.25 * x + 0.5 for x in PREDICTED)
    found = [
        Series("litert", PREDICTED, measured, PREDICTED),
        Series("onnx", PREDICTED[:2], (1.0, 2.5), (1.0, 2.5)),
    ]
    rows = latency_rows(found).splitlines()
    errors = np.abs(np.array(PREDICTED) / measured - 1)
    assert rows[2] == (
        f"| litert | 4 | 1.75 to 5.5 | {errors.mean():.1%} | 0.0% | 1.000 | 0% "
        "| 1.250 | 0.5 | 0.0% | 100% |"
    )
    assert (
        rows[3] == "| onnx | 2 | 1 to 2.5 | 10.0% | 10.0% | 1.000 | 50% |  |  |  |  |"
    )


def test_a_panel_for_each_runtime():
    found = [Series(name, PREDICTED, PREDICTED, PREDICTED) for name in ("a", "b")]
    figure = latency_figure(found)
    assert [axes.get_title() for axes in figure.axes] == ["a", "b"]
    points, *_ = figure.axes[0].lines
    np.testing.assert_array_equal(points.get_xydata(), np.transpose([PREDICTED] * 2))
    assert b"<svg" in figure_to_svg(latency_figure(found[:1]))
