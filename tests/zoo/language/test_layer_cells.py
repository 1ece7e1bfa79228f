"""The cells of networks with several layers, against their plain forms and Keras."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.zoo.language import LSTMCell, NASCell
from tests.zoo.language.plain_cells import lstm_step, nas_step, spread

UNITS, FEATURES, BATCH = 3, 4, 2
CELLS = {
    "lstm": (LSTMCell, {}, lstm_step),
    "two_biases": (LSTMCell, {"num_biases": 2}, lstm_step),
    "capped": (LSTMCell, {"caps_input_gate": True, "forget_bias": 1.0}, lstm_step),
    "nas": (NASCell, {}, nas_step),
}


def make_cell(name):
    kind, options, step = CELLS[name]
    cell = kind(UNITS, **options, dtype="float64")
    cell.build((None, FEATURES))
    return spread(cell), step


def make_inputs(time=2, seed=0):
    random = np.random.default_rng(seed)
    state = [random.normal(size=(BATCH, UNITS)) for _ in range(2)]
    return random.normal(size=(BATCH, time, FEATURES)), *state


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("masked", [False, True])
def test_two_steps_equal_the_plain_form(name, masked):
    cell, step = make_cell(name)
    x, h, c = make_inputs()
    h_mask = np.array([[1.0, 0.0, 2.0]] * BATCH) if masked else None
    kernel_mask = 1.25 * np.ones((UNITS, cell.NUM_PRODUCTS * UNITS))
    kernel_mask[1, ::2] = 0
    kernel_mask = kernel_mask if masked else None
    state = (tf.constant(h), tf.constant(c))
    hs, cs = cell.over_time(tf.constant(x), state, h_mask, kernel_mask)
    masks = (kernel_mask, h_mask) if masked else (1, 1)
    for time in range(2):
        h, c = step(cell, x[:, time], h, c, *masks)
        np.testing.assert_allclose(hs[:, time], h, rtol=1e-12)
        np.testing.assert_allclose(cs[:, time], c, rtol=1e-12)


@pytest.mark.parametrize("name", CELLS)
def test_keras_runs_a_cell_and_loads_it(name):
    cell, step = make_cell(name)
    x, *_ = make_inputs(time=3)
    layer = keras.layers.RNN(cell, dtype="float64")
    h = c = np.zeros((BATCH, UNITS))
    for time in range(3):
        h, c = step(cell, x[:, time], h, c)
    np.testing.assert_allclose(layer(x), h, rtol=1e-12)
    config = keras.saving.serialize_keras_object(cell)
    again = keras.saving.deserialize_keras_object(config)
    assert again.get_config() == cell.get_config()


def test_one_bias_and_nothing_capped_is_the_cell_of_keras():
    cell, _ = make_cell("lstm")
    x, h, c = make_inputs(time=1)
    other = keras.layers.LSTMCell(UNITS, dtype="float64")
    other.build((None, FEATURES))
    other.kernel.assign(cell.kernel)
    other.recurrent_kernel.assign(cell.recurrent_kernel)
    other.bias.assign(cell.biases[0])
    expected = other(x[:, 0], [tf.constant(h), tf.constant(c)])
    got = cell(x[:, 0], [tf.constant(h), tf.constant(c)])
    for a, b in zip(tf.nest.flatten(got), tf.nest.flatten(expected), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12)


def test_a_capped_memory_stays_within_one():
    cell = LSTMCell(1, caps_input_gate=True, forget_bias=1.0)
    free = LSTMCell(1, forget_bias=1.0)
    for each in (cell, free):
        each.build((None, 1))
        for variable in (each.kernel, each.recurrent_kernel):
            variable.assign(tf.fill(variable.shape, 3.0))
    x, zeros = tf.ones([1, 20, 1]), tf.zeros([1, 1])
    (_, capped), (_, uncapped) = (
        each.over_time(x, (zeros, zeros)) for each in (cell, free)
    )
    assert np.max(capped) <= 1 < np.max(uncapped)


def test_initial_weights():
    cell = LSTMCell(4, forget_bias=1.5, initial_bound=0.01)
    cell.build((None, 2))
    assert cell.biases[0].numpy().tolist() == [0] * 4 + [1.5] * 4 + [0] * 8
    assert 0 < np.abs(cell.kernel).max() <= 0.01
    drawn = LSTMCell(4, num_biases=2)
    drawn.build((None, 2))
    for variable in drawn.trainable_variables:
        assert 0.2 < np.abs(variable).max() <= 0.5


@pytest.mark.parametrize(
    ("kind", "arguments", "message"),
    [
        (LSTMCell, {"units": 0}, "`units`"),
        (LSTMCell, {"num_biases": 3}, "`num_biases`, expected 1 or 2"),
        (NASCell, {"initial_bound": 0.0}, "`initial_bound`"),
    ],
)
def test_invalid_arguments(kind, arguments, message):
    with pytest.raises(ValueError, match=message):
        kind(**{"units": 3, **arguments})
