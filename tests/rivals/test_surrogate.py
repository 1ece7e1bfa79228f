"""What the surrogate learns, and what it says of nodes that no cell had."""

import numpy as np
import scipy.stats

from darts_tf.rivals.growth import Growth
from darts_tf.rivals.surrogate import Surrogate
from tests.rivals.small_spaces import EDGES

WORTH = np.array([0.0, 0.2, 0.5, 1.0])


def scores(options):
    return WORTH[options].sum(axis=1)


def rank_correlation(surrogate, options):
    return scipy.stats.spearmanr(surrogate.predict(options), scores(options))[0]


def test_it_ranks_cells_that_it_has_not_seen():
    rng = np.random.default_rng(0)
    options = rng.integers(4, size=(200, 6))
    surrogate = Surrogate(EDGES.choices(), 3, 20)
    surrogate.fit(options[:80], 70 + 5 * scores(options[:80]), rng)
    assert rank_correlation(surrogate, options[80:]) > 0.95


def test_what_smaller_cells_say_holds_for_larger_ones():
    rng, growth = np.random.default_rng(0), Growth(EDGES)
    small = growth.grown(growth.grown([growth.seedling], 0, 99, rng), 1, 99, rng)
    large = growth.grown(small, 2, 500, rng)
    surrogate = Surrogate(EDGES.choices(), 5, 20)
    surrogate.fit(small, scores(small), rng)
    assert rank_correlation(surrogate, large) > 0.8
    # Of the new node alone it knows as well, though no cell had another.
    one = growth.grown(small[:1], 2, 500, rng)
    assert rank_correlation(surrogate, one) > 0.5


def test_it_can_learn_nothing_of_equal_cells_or_scores():
    rng = np.random.default_rng(0)
    surrogate = Surrogate(EDGES.choices(), 2, 5)
    surrogate.fit(np.zeros((3, 6), int), np.arange(3.0), rng)
    assert surrogate.predict(np.ones((4, 6), int)).tolist() == [0.0] * 4
    options = rng.integers(4, size=(10, 6))
    surrogate.fit(options, np.full(10, 2.0), rng)
    assert np.isfinite(surrogate.predict(options)).all()
