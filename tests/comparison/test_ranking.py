import dataclasses
import math

import pytest

from darts_tf.comparison.entries import run_entries
from darts_tf.comparison.figures import figures_of
from darts_tf.comparison.ranking import interval, rank_correlation, ranking_of
from darts_tf.comparison.reading import read_runs
from darts_tf.experiments.convolutional_baseline.experiment import ConvolutionalBaseline
from tests.comparison.made_runs import change, image_search, image_training
from tests.comparison.test_entries import QUICK


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ([10, 20, 30, 1000], 1),
        ([4, 3, 2, 1], -1),
        ([1, 2, 4, 3], 1 - 6 * 2 / (4 * 15)),
        # The ranks 1, 2.5, 2.5, 4 beside 1, 2, 3, 4.
        ([1, 2, 2, 3], 4.5 / math.sqrt(5 * 4.5)),
    ],
)
def test_rank_correlation(second, expected):
    assert rank_correlation([1, 2, 3, 4], second) == pytest.approx(expected)


def test_equal_values_have_no_correlation():
    assert math.isnan(rank_correlation([1, 1, 1], [1, 2, 3]))


def test_interval_of_a_correlation():
    low, high = interval(0.5, 103)
    width = 1.96 * math.sqrt(1.06 / 100)
    assert math.atanh(high) - math.atanh(0.5) == pytest.approx(width)
    assert math.atanh(0.5) - math.atanh(low) == pytest.approx(width)
    assert interval(0.5, 3) is None and interval(1.0, 9) is None
    assert interval(math.nan, 9) is None


def test_cells_of_several_searches(tmp_path):
    folders = []
    for number, (accuracy, error) in enumerate([(0.6, 3.0), (0.7, 2.8), (0.65, 2.9)]):
        search = image_search(tmp_path / f"s{number}", [0.5, accuracy], seed=number)
        training = image_training(tmp_path / f"t{number}", error, search=search)
        folders += [search, change(training, batch_size=8)]
    searches, trainings = read_runs(folders)
    # The cells are equal here, so that one mean would be made of all.
    entries = [run_entries([s], [t], QUICK)[0] for s, t in zip(searches, trainings)]
    ranking = ranking_of(entries)
    assert ranking.searched == pytest.approx((40, 30, 35))
    assert ranking.trained == pytest.approx((3.0, 2.8, 2.9))
    assert ranking.correlation == pytest.approx(1)
    assert ranking_of(entries[:2]) is None and ranking_of([]) is None
    # What was validated there is a trained network, and not that of a search.
    trials = dataclasses.replace(entries[2].search, kind=ConvolutionalBaseline)
    by_trials = dataclasses.replace(entries[2], search=trials)
    assert ranking_of([*entries[:2], by_trials]) is None
    assert ranking_of([*entries, by_trials]) == ranking
    figure = figures_of(searches, entries, 1)[
        "Ranking of cells by their searches and their trainings"
    ]
    assert "rank correlation of 3 cells 1.00" in figure.axes[0].get_xlabel()
    # Another recipe is not mixed in.
    change(folders[1], epochs=2, batch_size=96)
    searches, trainings = read_runs(folders)
    entries = [run_entries([s], [t], QUICK)[0] for s, t in zip(searches, trainings)]
    assert ranking_of(entries) is None
