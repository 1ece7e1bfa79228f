"""REINFORCE: the baseline, the batches, and where the policy goes."""

import numpy as np
import pytest

from darts_tf.rivals import get_strategy
from tests.rivals.small_spaces import EDGES, search, toy_score

Reinforcement = get_strategy("reinforcement")


def test_the_baseline_is_a_weighted_mean_of_the_scores():
    strategy = Reinforcement(EDGES, policy="table", batch_size=1, baseline_momentum=0.9)
    assert strategy.baseline == 0
    scores = [0.2, 0.9, 0.4, 0.7]
    for score in scores:
        strategy.tell(strategy.ask(), score)
    weights = 0.9 ** np.arange(3, -1, -1)
    np.testing.assert_allclose(strategy.baseline, np.average(scores, weights=weights))


def test_a_batch_counts_once_in_the_baseline():
    strategy = Reinforcement(EDGES, units=2, batch_size=2, baseline_momentum=0.5)
    for score in (0.0, 1.0, 0.6, 0.8, 0.1):
        strategy.tell(strategy.ask(), score)
    np.testing.assert_allclose(strategy.baseline, (0.5 * 0.5 + 0.7) / 1.5)


def test_the_policy_changes_when_a_batch_is_whole():
    strategy = Reinforcement(EDGES, units=2, batch_size=3)
    states = []
    for score in (0.1, 0.2, 0.3, 0.4):
        states.append(strategy.state["own"]["parameters"])
        strategy.tell(strategy.ask(), score)
    assert states[0] == states[1] == states[2] != states[3]


@pytest.mark.parametrize(
    "settings",
    [
        {"units": 12, "batch_size": 4, "learning_rate": 0.03},
        {"policy": "table", "batch_size": 1, "learning_rate": 0.05},
    ],
)
def test_later_genotypes_are_better(settings):
    scores = []
    for seed in range(4):
        found = search(Reinforcement(EDGES, seed, **settings), 300)
        scores.append([trial.score for trial in found.trials])
    first, last = np.array(scores)[:, :50], np.array(scores)[:, -50:]
    rng = np.random.default_rng(0)
    of_random = [toy_score(EDGES.sample(rng)) for _ in range(1000)]
    deviation = np.std(of_random)
    assert abs(first.mean() - np.mean(of_random)) < 0.8 * deviation
    assert (last.mean(axis=1) > np.mean(of_random) + 1.2 * deviation).all()


def test_entropy_keeps_the_policy_wide():
    def variety(weight):
        strategy = Reinforcement(
            EDGES,
            1,
            policy="table",
            batch_size=4,
            learning_rate=0.1,
            entropy_weight=weight,
        )
        late = search(strategy, 400).trials[-100:]
        return len({trial.genotype for trial in late})

    assert variety(1.0) > 2 * variety(0.0)
