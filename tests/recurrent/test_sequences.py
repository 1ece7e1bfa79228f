import numpy as np
import tensorflow as tf

from darts_tf.autodiff.dual import Dual
from darts_tf.recurrent.sequences import embed, over_time, state_after

BATCH, TIME, UNITS = 2, 4, 3
INPUTS, TANGENTS = np.random.default_rng(0).normal(size=(2, BATCH, TIME, UNITS))
START = tf.ones([BATCH, UNITS], tf.float64)


def decayed(state, inputs):
    return state * 0.5 + inputs


def looped(inputs, state):
    """The states of `decayed`, without a loop of TensorFlow."""
    states = []
    for time in range(TIME):
        state = decayed(state, inputs[:, time])
        states.append(state)
    return np.stack(states, axis=1)


def test_the_states_after_each_word():
    expected = looped(INPUTS, START.numpy())
    states = over_time(decayed, tf.constant(INPUTS), START)
    np.testing.assert_allclose(states, expected)
    for length, time in ((None, TIME - 1), (3, 2), (tf.constant(1), 0)):
        np.testing.assert_allclose(state_after(states, length), expected[:, time])


def test_states_of_several_parts():
    def step(states, inputs):
        return decayed(states[0], inputs), states[1] + states[0]

    first, sums = over_time(step, tf.constant(INPUTS), (START, tf.zeros_like(START)))
    expected = looped(INPUTS, START.numpy())
    before = np.concatenate([START[:, None], expected[:, :-1]], axis=1)
    np.testing.assert_allclose(first, expected)
    np.testing.assert_allclose(sums, np.cumsum(before, axis=1))


def test_states_that_move():
    inputs = Dual(tf.constant(INPUTS), tf.constant(TANGENTS))
    states = over_time(decayed, inputs, Dual(START, tf.zeros_like(START)))
    np.testing.assert_allclose(states.value, looped(INPUTS, START.numpy()))
    # The step is linear in state and inputs.
    np.testing.assert_allclose(states.tangent, looped(TANGENTS, np.zeros(START.shape)))


def test_words_are_dropped_in_all_texts():
    table = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    tokens = tf.constant([[0, 1], [1, 2]])
    expected = np.array([[[1, 2], [3, 4]], [[3, 4], [5, 6]]], "float32")
    np.testing.assert_array_equal(embed(table, tokens, {}, "float32"), expected)
    masks = {
        "words": tf.constant([[1], [0], [2]], tf.float16),
        "embedded": tf.constant([[[1, 0]], [[1, 1]]], tf.float16),
    }
    expected = [[[1, 0], [0, 0]], [[0, 0], [10, 12]]]
    found = embed(table, tokens, masks, "float16")
    assert found.dtype == "float16"
    np.testing.assert_array_equal(found, expected)
