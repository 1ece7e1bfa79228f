import random

import keras
import numpy as np
import pytest

from darts_tf.zero_cost.registry import all_scores, score_names
from darts_tf.zero_cost.score import Score
from tests.spaces.known.nasbench201_networks import SPACE, evaluation_network
from tests.zero_cost.chain import SHAPE, built_chain


def test_a_network_is_left_as_it_was():
    """So are the random numbers that come next; and the scores are the same again."""
    keras.utils.set_random_seed(5)
    network = evaluation_network(SPACE.decode((3, 2, 1, 0, 4, 3)), cells=1)
    network.drop_path_rate.assign(0.5)
    images = np.random.default_rng(0).normal(size=(4, 8, 8, 3))
    weights, state = network.get_weights(), random.getstate()
    scores = all_scores(network, images)
    assert random.getstate() == state
    for before, after in zip(weights, network.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)
    assert tuple(scores) == score_names() and np.isfinite([*scores.values()]).all()
    again = all_scores(network, images)
    np.testing.assert_allclose([*again.values()], [*scores.values()], rtol=1e-3)


def test_bad_arguments():
    score = Score("one", "a test", lambda network, images: 1)
    assert score(built_chain(), np.zeros((2, *SHAPE))) == 1.0
    with pytest.raises(ValueError, match=r"`images.shape`, expected \(batch, height"):
        score(built_chain(), np.zeros((1, *SHAPE)))
    with pytest.raises(ValueError, match="`network`, expected a built"):
        score(keras.Sequential(), np.zeros((2, *SHAPE)))
    with pytest.raises(ValueError, match="`name`, expected a lower-case"):
        Score("One", "a test", score.measure)
