"""Every strategy finds more than random search, and random search does not."""

import numpy as np
import pytest
import scipy.stats

from darts_tf.rivals import get_strategy
from tests.long_cases import with_long
from tests.rivals.small_spaces import EDGES, SHORT, search, toy_score

TRIALS, SEEDS, LEVEL = 60, 200, 1e-3


def best_scores(name, first_seed):
    return [
        search(get_strategy(name)(EDGES, seed, **SHORT[name]), TRIALS).best.score
        for seed in range(first_seed, first_seed + SEEDS)
    ]


@pytest.fixture(scope="module")
def of_random():
    return best_scores("random", 1000)


@pytest.mark.parametrize(
    "name", with_long(sorted(SHORT), SHORT.keys() - {"progressive"})
)
def test_a_strategy_is_better(name, of_random):
    found = best_scores(name, 0)
    test = scipy.stats.mannwhitneyu(found, of_random, alternative="greater")
    assert (test.pvalue < LEVEL) == (name != "random"), test.pvalue


def test_random_search_finds_what_chance_says(of_random):
    rows = np.ndindex(*EDGES.choices().values())
    scores = np.sort([toy_score(EDGES.decode(row)) for row in rows])
    shares = np.searchsorted(scores, of_random, side="right") / len(scores)
    # The best of n draws is at most x with probability F(x)^n.
    assert scipy.stats.kstest(shares**TRIALS, "uniform").pvalue > LEVEL


def test_no_search_here_ends_at_the_best_of_all():
    rng = np.random.default_rng(0)
    scores = [toy_score(EDGES.sample(rng)) for _ in range(2000)]
    # So that a search of few trials has something left to find.
    assert len(set(scores)) > 1000 and np.mean(np.array(scores) == max(scores)) < 0.01
