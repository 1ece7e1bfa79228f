"""Progressive search: cells grow node by node, and the surrogate chooses."""

import numpy as np

from darts_tf.rivals import get_strategy
from darts_tf.rivals.growth import Growth
from tests.rivals.small_spaces import EDGES, PAIRS, search, toy_score

Progressive = get_strategy("progressive")
SETTINGS = {"members": 2, "units": 8}


def options_of(strategy, first, last=None):
    trials = strategy.trials[first:last]
    return np.array([strategy.space.encode(trial.genotype) for trial in trials])


def test_cells_grow_node_by_node():
    seedling = Growth(EDGES).seedling
    strategy = search(Progressive(EDGES, beam=100, **SETTINGS), 4 + 60 + 100)
    first, second = options_of(strategy, 0, 4), options_of(strategy, 4, 64)
    assert sorted(first[:, 0]) == [0, 1, 2, 3]
    assert (first[:, 1:] == seedling[1:]).all()
    # All of two nodes but those four, whose second node only passes on.
    assert len(np.unique(second, axis=0)) == 60
    assert (second[:, 3:] == seedling[3:]).all()
    assert (second[:, 1:3] != seedling[1:3]).any(axis=1).all()
    third = options_of(strategy, 64)
    assert len(np.unique(third, axis=0)) == 100
    assert (third[:, 3:] != seedling[3:]).any(axis=1).mean() > 0.9


def test_the_best_of_the_surrogate_are_tried():
    """Of a score that is a sum it chooses better than chance by far."""
    worth = np.array([0.0, 0.1, 0.4, 1.0])

    def score(genotype):
        return worth[list(EDGES.encode(genotype))].sum()

    strategy = Progressive(EDGES, beam=16, members=3, units=16)
    search(strategy, 4 + 15, score)
    before = len(strategy.trials)
    search(strategy, 16, score)
    chosen = worth[options_of(strategy, before)].sum(axis=1)
    # The mean of the whole space is 2.25, and the greatest score 6.
    assert chosen.mean() > 4.5


def test_only_cells_of_the_beam_grow_on():
    strategy = search(Progressive(EDGES, beam=5, **SETTINGS), 4 + 5)
    stems = {tuple(row[:3]) for row in strategy._beam}
    assert len(strategy._beam) == 5
    search(strategy, 5)
    assert {tuple(row[:3]) for row in options_of(strategy, 9)} <= stems


def test_kinds_grow_in_turn():
    strategy = search(Progressive(PAIRS, beam=3, **SETTINGS), 9)
    seedling = np.array(Growth(PAIRS).seedling)
    normal, reduce = options_of(strategy, 0, 3), options_of(strategy, 3, 6)
    # Four options for each of the nodes: eight of the normal cell come first.
    assert (normal[:, 4:] == seedling[4:]).all()
    assert (reduce[:, 4:8] == seedling[4:8]).all()
    assert (reduce[:, 12:] == seedling[12:]).all()
    assert (reduce[:, 8:12] != seedling[8:12]).any()


def test_it_goes_on_to_the_last_cell_of_the_space_and_beyond():
    small = get_strategy("progressive")(EDGES, beam=400, candidates=900, **SETTINGS)
    strategy = search(small, 1400, toy_score)
    found = [trial.genotype for trial in strategy.trials]
    assert len(set(found)) > 1300
