import numpy as np

from darts_tf.zero_cost.registry import get_score
from tests.zero_cost.chain import SHAPE, built_chain


def test_a_chain():
    pixels = SHAPE[0] * SHAPE[1]
    expected = pixels * (2 * 5 + 5 * 3) + 3 * 4
    assert get_score("multiply_adds")(built_chain(), np.zeros((2, *SHAPE))) == expected
