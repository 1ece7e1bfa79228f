import numpy as np
import pytest

from darts_tf.report.trial_curves import scores_of_trials

NAN = float("nan")


@pytest.mark.parametrize(
    ("best", "expected"),
    [(max, [2, 2, 5, 5, 5]), (min, [2, 1, 1, 1, 1])],
)
def test_the_best_so_far(best, expected):
    scores, places = [2.0, 1.0, 5.0, NAN, 3.0], [1, 2, 3, 4, 5]
    axes = scores_of_trials("t", scores, places, best, ("trial", "score")).axes[0]
    dots, line = axes.get_lines()
    np.testing.assert_array_equal(dots.get_ydata(), scores)
    np.testing.assert_array_equal(line.get_ydata(), expected)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("trial", "score")


def test_a_first_trial_that_was_not_measured():
    figure = scores_of_trials("t", [NAN, 2.0], [0.5, 1.5], max, ("hours", "score"))
    line = figure.axes[0].get_lines()[1]
    assert [*line.get_xdata()] == [1.5] and [*line.get_ydata()] == [2.0]
