import numpy as np

from benchmarks.zero_cost.figure import ScoredCells, zero_cost_figure, zero_cost_table
from darts_tf.report.figure_files import figure_to_svg


def test_table_and_figure():
    values = np.arange(40.0)
    accuracies = np.stack([values, values[::-1]])
    found = [
        ScoredCells("first", values, accuracies),
        ScoredCells("second", np.where(values > 3, -values, -np.inf), accuracies),
    ]
    lines = zero_cost_table(found).splitlines()
    # Those of minus infinity are the lowest, and share their rank.
    expected = np.corrcoef(values, [2.5] * 4 + [*range(40, 4, -1)])[0, 1]
    assert lines[2].startswith(f"| second | 40 | {expected:.3f} (")
    assert lines[3] == "| first | 40 | 1.000 | -1.000 |"
    figure = zero_cost_figure(found, "title")
    assert len(figure.axes) == 3
    (points,) = figure.axes[0].collections
    np.testing.assert_array_equal(
        points.get_offsets(), np.stack([values, 39 - values], 1)
    )
    assert b"<svg" in figure_to_svg(figure)
