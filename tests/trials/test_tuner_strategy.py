import random

import pytest

from darts_tf.space import CellSpace, SearchSpace
from darts_tf.trials.budget import Budget
from darts_tf.trials.history import Outcome, TrialHistory
from darts_tf.trials.search import search
from darts_tf.trials.trial_log import TrialLog
from darts_tf.trials.tuner_strategy import BayesianSearch, HyperbandSearch
from tests.rivals.small_spaces import EDGES, SMALL_SPACES
from tests.trials.toy_search import outcome


def make(method, seed=1):
    if method is BayesianSearch:
        return BayesianSearch(EDGES, seed, num_initial_points=4)
    return HyperbandSearch(EDGES, seed, max_epochs=4, factor=2)


def run(path, method, budget):
    found = TrialHistory(make(method), TrialLog(path))
    search(found, Budget.parse(budget), outcome, 1, id)
    return found


@pytest.mark.parametrize(
    ("method", "trials"),
    [pytest.param(BayesianSearch, 5, marks=pytest.mark.long), (HyperbandSearch, 14)],
)
def test_cut_off_it_ends_with_the_same_log(tmp_path, method, trials):
    run(tmp_path / "whole", method, str(trials))
    whole = (tmp_path / "whole").read_bytes()
    lines = whole.splitlines(keepends=True)
    (tmp_path / "cut").write_bytes(b"".join(lines[: 2 * trials - 3]))
    run(tmp_path / "cut", method, str(trials))
    assert (tmp_path / "cut").read_bytes() == whole


def test_several_at_a_time_in_a_space_that_ends(tmp_path):
    """An oracle that has no trial now draws random numbers all the same."""
    cell = CellSpace("only", 1, 2, ("identity", "conv_3x3", "conv_1x1"), "all")
    space, draw, pending = SearchSpace("27 cells", (cell,)), random.Random(0), []

    def read():
        strategy = HyperbandSearch(space, seed=0, max_epochs=9)
        return TrialHistory(strategy, TrialLog(tmp_path / "log"))

    found, in_vain = read(), 0
    while len(found.outcomes) < 33:
        trial = found.ask() if len(pending) < 3 else None
        if trial:
            pending.append(trial.number)
            continue
        in_vain += len(pending) < 3
        found.tell(pending.pop(draw.randrange(len(pending))), Outcome(draw.random()))
    assert in_vain
    assert read().genotypes == found.genotypes


def test_hyperband_trains_the_best_for_longer():
    strategy = make(HyperbandSearch)
    asked = []
    for number in range(10):
        asked.append((strategy.ask(), strategy.epochs))
        strategy.tell(asked[-1][0], float(number % 4))
    # A bracket of three rounds, each with half of the genotypes of the one before.
    assert [epochs for _, epochs in asked[:7]] == [1, 1, 1, 1, 2, 2, 4]
    assert [genotype for genotype, _ in asked[4:6]] == [asked[3][0], asked[2][0]]
    assert asked[6][0] == asked[5][0]
    assert asked[7][1] == 2


def test_equal_seeds_are_equal_searches():
    first, again, other = (make(HyperbandSearch, seed) for seed in (0, 0, 1))
    assert first.ask() == again.ask()
    assert [first.ask() for _ in range(3)] != [other.ask() for _ in range(3)]


@pytest.mark.parametrize("name", SMALL_SPACES)
def test_all_spaces(name):
    space = SMALL_SPACES[name]
    strategy = BayesianSearch(space, num_initial_points=2)
    for score in (0.1, 0.2):
        genotype = strategy.ask()
        assert space.decode(space.encode(genotype)) == genotype
        strategy.tell(genotype, score)
    assert strategy.best.score == 0.2


def test_a_searched_space_has_no_more():
    cell = CellSpace("only", 1, 1, ("identity", "conv_3x3"), "all", outputs=1)
    space = SearchSpace("two", (cell,))
    strategy = BayesianSearch(space, num_initial_points=9)
    for _ in range(2):
        strategy.tell(strategy.ask(), 0.5)
    assert strategy.ask() is None
