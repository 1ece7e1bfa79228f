"""Both recurrent cells: against the plain form, as Keras cells, saved and loaded."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf import convolutional
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.recurrent import EvaluationCell, SearchCell
from tests.recurrent.plain_cell import evaluation_step, search_step

BATCH, FEATURES, UNITS = 6, 3, 4
SMALL = RecurrentGenotype.from_lists([("tanh", 0), ("relu", 0)], mean=[2])
CELLS = {
    "search of 4 nodes": (lambda **k: SearchCell(UNITS, 4, **k), search_step),
    "search of 2 nodes": (lambda **k: SearchCell(UNITS, 2, **k), search_step),
    "search without none": (
        lambda **k: SearchCell(UNITS, 3, ["identity", "tanh"], **k),
        search_step,
    ),
    "small": (lambda **k: EvaluationCell(UNITS, SMALL, **k), evaluation_step),
    "ENAS": (
        lambda **k: EvaluationCell(UNITS, RecurrentGenotype.published("ENAS"), **k),
        evaluation_step,
    ),
}


def spread(variables):
    """Makes weights large enough to matter."""
    random = np.random.default_rng(0)
    for variable in variables:
        variable.assign(random.normal(size=variable.shape) / 2)


@pytest.fixture(params=list(CELLS))
def case(request):
    make, plain = CELLS[request.param]
    cell = make(dtype="float64")
    cell.build((None, FEATURES))
    spread(cell.weights)
    return cell, plain


def inputs(*shape):
    return np.random.default_rng(1).normal(size=shape)


def test_call_equals_plain_form(case):
    cell, plain = case
    x, h = inputs(BATCH, FEATURES), inputs(BATCH, UNITS)
    output, states = cell(x, [h])
    np.testing.assert_allclose(output, plain(cell, x, h), rtol=1e-12, atol=1e-12)
    assert len(states) == 1 and states[0] is output
    assert cell.state_size == cell.output_size == UNITS


def test_masks_fall_on_what_the_matrix_products_read(case):
    cell, plain = case
    x, h = inputs(BATCH, FEATURES), inputs(BATCH, UNITS)
    random = np.random.default_rng(2)
    x_mask, h_mask = (random.integers(0, 2, a.shape) * 2.0 for a in (x, h))
    output = cell.step(x, h, cell.parameters(), x_mask, h_mask)
    expected = plain(cell, x, h, x_mask, h_mask)
    np.testing.assert_allclose(output, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("unroll", [False, True])
def test_cell_serves_keras_rnn(case, unroll):
    cell, plain = case
    x = inputs(BATCH, 3, FEATURES)
    layer = keras.layers.RNN(
        cell, return_sequences=True, return_state=True, unroll=unroll, dtype="float64"
    )
    outputs, state = layer(x)
    h = np.zeros((BATCH, UNITS))
    for time in range(3):
        h = plain(cell, x[:, time], h)
        np.testing.assert_allclose(outputs[:, time], h, rtol=1e-11, atol=1e-11)
    np.testing.assert_array_equal(state, outputs[:, -1])


def test_model_with_the_cell_learns_and_is_saved(case, tmp_path):
    cell = type(case[0]).from_config({**case[0].get_config(), "dtype": "float32"})
    model = keras.Sequential(
        [
            keras.Input((3, FEATURES), batch_size=BATCH),
            keras.layers.RNN(cell),
            keras.layers.Dense(1),
        ]
    )
    model.compile("adam", "mse", jit_compile=False)
    x = inputs(BATCH, 3, FEATURES).astype("float32")
    y = np.ones([BATCH, 1])
    losses = model.fit(x, y, epochs=3, batch_size=BATCH, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(x), model(x))
    loaded_cell = loaded.layers[0].cell
    assert loaded_cell.get_config() == cell.get_config()


def test_saved_name_is_not_that_of_the_convolutional_cell():
    names = {
        keras.saving.get_registered_name(cell)
        for cell in (SearchCell, convolutional.SearchCell)
    }
    assert names == {"darts_tf.recurrent>SearchCell", "darts_tf>SearchCell"}


def test_config_has_the_arguments_of_the_constructor(case):
    cell, _ = case
    config = cell.get_config()
    assert type(cell).from_config(config).get_config() == config


def test_constant_weights_change_no_alpha_gradient():
    cell = SearchCell(UNITS, 2, dtype="float64")
    cell.build((None, FEATURES))
    spread(cell.weights)
    results = []
    for constant in (False, True):
        with tf.GradientTape() as tape:
            x, h = inputs(BATCH, FEATURES), inputs(BATCH, UNITS)
            parameters = cell.parameters(constant_weights=constant)
            loss = tf.reduce_sum(cell.step(x, h, parameters) ** 3)
        variables = [cell.alphas[0].value, cell.input_kernel.value]
        results.append(tape.gradient(loss, variables))
    (alpha, weight), (constant_alpha, constant_weight) = results
    np.testing.assert_array_equal(alpha, constant_alpha)
    assert weight is not None and constant_weight is None


def test_search_cell_refuses_a_batch_of_one():
    cell = SearchCell(UNITS)
    with pytest.raises(ValueError, match="a batch of 1, expected at least 2 rows"):
        cell(tf.ones([1, FEATURES]), [tf.ones([1, UNITS])])


def test_alpha_starts_small_and_derives_a_cell_of_its_size():
    cell = SearchCell(UNITS, num_nodes=3)
    cell.build((None, FEATURES))
    assert cell.alphas[0].shape == (6, 5) and len(cell.alphas) == 1
    assert 0 < np.abs(cell.alphas[0]).max() < 0.01
    genotype = cell.genotype()
    assert len(genotype.nodes) == 3 and genotype.mean == (1, 2, 3)
    for kernel in cell.node_kernels:
        assert 0.03 < np.abs(kernel).max() <= 0.04


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SearchCell(0), "`units`, expected an integer of at least 1"),
        (lambda: SearchCell(2.0), "`units`"),
        (lambda: SearchCell(10**9), "`units`.* at most 65536"),
        (lambda: SearchCell(4, num_nodes=33), "`num_nodes`.* at most 32"),
        (lambda: SearchCell(4, num_nodes=0), "`num_nodes`"),
        (lambda: SearchCell(4, activations=["none"]), "`activations`"),
        (lambda: SearchCell(4, activations=["tanh", "tanh"]), "`activations`"),
        (lambda: SearchCell(4, activations=["gelu"]), "one of tanh, relu"),
        (lambda: EvaluationCell(4, None), "`genotype`, expected a `Rec"),
        (lambda: EvaluationCell(4, "DARTS"), "expected JSON"),
        (
            lambda: EvaluationCell(
                4, RecurrentGenotype.from_lists([("none", 0)], mean=[1])
            ),
            "one of tanh, relu.*Received: activation='none'",
        ),
    ],
)
def test_invalid_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()
