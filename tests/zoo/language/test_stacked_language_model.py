"""Networks of several layers: plain form, carried state, gradients, training, files."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.keras_file import save_model
from darts_tf.optimization.averaged_sgd import AveragedSGD
from darts_tf.recurrent import DropoutRates, cross_entropy
from darts_tf.recurrent.evaluation_model import LanguageTrainingModel
from darts_tf.recurrent.text_evaluation import TextEvaluation
from darts_tf.recurrent.text_model import carried
from darts_tf.weights.saved_language_model import load_language_model
from darts_tf.zoo.language import (
    LSTMCell,
    MixtureLanguageModel,
    NASCell,
    StackedLanguageModel,
)
from tests.zoo.language.plain_cells import lstm_step, nas_step, spread, values

WORDS, BATCH, TIME = 7, 2, 6
RATES = DropoutRates(0.3, 0.3, 0.3, 0.3, 0.3)
DTYPE = "float64"


def awd_lstm(dtype=DTYPE):
    cells = [LSTMCell(units, num_biases=2, dtype=dtype) for units in (4, 3)]
    return StackedLanguageModel(
        WORDS, cells, dropout=RATES, drops_kernels=True, seed=1, dtype=dtype
    )


def skip_lstm(dtype=DTYPE):
    cells = [LSTMCell(3, caps_input_gate=True, dtype=dtype) for _ in range(2)]
    return StackedLanguageModel(
        WORDS, cells, dropout=RATES, sums_layers=True, seed=1, dtype=dtype
    )


def nas(dtype=DTYPE):
    cells = [NASCell(3, dtype=dtype) for _ in range(2)]
    return StackedLanguageModel(WORDS, cells, dropout=RATES, seed=1, dtype=dtype)


def mos(dtype=DTYPE):
    cells = [LSTMCell(units, num_biases=2, dtype=dtype) for units in (4, 5)]
    return MixtureLanguageModel(
        WORDS,
        cells,
        embedding_units=3,
        num_experts=2,
        latent_rate=0.3,
        dropout=RATES,
        drops_kernels=True,
        seed=1,
        dtype=dtype,
    )


MAKERS = {maker.__name__: maker for maker in (awd_lstm, skip_lstm, nas, mos)}


@pytest.fixture(scope="module", params=MAKERS)
def model(request):
    model = MAKERS[request.param]()
    model.build()
    return spread(model)


def make_batch(time=TIME, seed=0):
    tokens = np.random.default_rng(seed).integers(0, WORDS, (BATCH, time + 1))
    return tf.constant(tokens[:, :-1]), tf.constant(tokens[:, 1:])


def log_softmax(x):
    x = x - x.max(-1, keepdims=True)
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


def plain_log_probabilities(model, output, masks):
    """Of the output of one word, shape `(batch, units)`."""
    embedding, bias = values(model.embedding, model.decoder_bias)
    output = output * masks["outputs"][:, 0]
    if not isinstance(model, MixtureLanguageModel):
        return log_softmax(output @ embedding.T + bias)
    prior, kernel, latent_bias = values(
        model.prior_kernel, model.latent_kernel, model.latent_bias
    )
    latent = np.tanh(output @ kernel + latent_bias) * masks["latent"][:, 0]
    experts = np.split(latent, model.num_experts, axis=1)
    shares = np.exp(log_softmax(output @ prior))
    p = sum(
        shares[:, k : k + 1] * np.exp(log_softmax(expert @ embedding.T + bias))
        for k, expert in enumerate(experts)
    )
    return np.log(p)


def plain_form(model, tokens, state, masks):
    """Log-probabilities and state after each word, with all masks."""
    masks = tf.nest.map_structure(np.array, masks)
    state = [[np.array(x) for x in layer] for layer in state]
    (embedding,) = values(model.embedding)
    for time in range(tokens.shape[1]):
        word = tokens[:, time].numpy()
        x = (embedding * masks["words"])[word] * masks["embedded"][:, 0]
        for layer, cell in enumerate(model.cells):
            if layer:
                x = x * masks["inputs"][layer - 1][:, 0]
            mask = {
                "kernel_mask" if model.drops_kernels else "h_mask": masks["hidden"][
                    layer
                ]
            }
            step = nas_step if isinstance(cell, NASCell) else lstm_step
            state[layer] = step(cell, x, *state[layer], **mask)
            x = state[layer][0]
        output = sum(h for h, _ in state) if model.sums_layers else x
        yield plain_log_probabilities(model, output, masks), output, state


def test_output_equals_plain_form(model):
    """All masks, on a model in training, from a state that is not zero."""
    tokens, _ = make_batch(time=3)
    random = np.random.default_rng(5)
    state = tf.nest.map_structure(
        lambda x: tf.constant(random.normal(size=x.shape)),
        model.get_initial_state(BATCH),
    )
    masks = model.draw_masks(BATCH, tf.constant([4, 5]))
    output = model({"tokens": tokens, "state": state, "masks": masks}, training=True)
    got = tf.nn.log_softmax(output.logits)
    for time, expected in enumerate(plain_form(model, tokens, state, masks)):
        log_p, hidden, last_state = expected
        np.testing.assert_allclose(got[:, time], log_p, rtol=1e-11, atol=1e-12)
        np.testing.assert_allclose(output.hidden[:, time], hidden, rtol=1e-11)
    for a, b in zip(tf.nest.flatten(output.state), tf.nest.flatten(last_state)):
        np.testing.assert_allclose(a, b, rtol=1e-11)


def test_probabilities_sum_to_one(model):
    log_p = tf.nn.log_softmax(model(make_batch()[0]).logits)
    np.testing.assert_allclose(np.exp(log_p).sum(-1), 1, rtol=1e-12)
    if isinstance(model, MixtureLanguageModel):
        logits = model(make_batch()[0]).logits
        np.testing.assert_allclose(np.exp(logits).sum(-1), 1, rtol=1e-12)


def test_masks_are_those_of_the_rates(model):
    masks = model.draw_masks(500, tf.constant([1, 2]))
    by_batch = {name for name in masks if name not in model.shared_masks}
    for name, mask in masks.items():
        for part in tf.nest.flatten(mask):
            assert set(np.unique(part)) <= {0, 1 / 0.7}
            assert (part.shape[0] == 500) == (name in by_batch)
    kept = [np.mean(np.array(x) > 0) for x in tf.nest.flatten(masks["outputs"])]
    np.testing.assert_allclose(kept, 0.7, atol=0.05)
    again = model.draw_masks(500, tf.constant([1, 2]))
    for a, b in zip(tf.nest.flatten(masks), tf.nest.flatten(again), strict=True):
        np.testing.assert_array_equal(a, b)
    first, second = masks["hidden"]
    assert first.shape != second.shape or np.any(first != second)


def test_carried_state_equals_one_long_sequence(model):
    """Also of what training pads, and where the state is one tensor."""
    tokens, targets = make_batch(time=9)
    whole = model(tokens)
    padded = {"tokens": tokens[:, :7], "length": tf.constant(4)}
    first = model(padded)
    joined = model.join_state(first.state)
    assert joined.shape == (BATCH, model.state_units)
    rest = {"tokens": tokens[:, 4:], "state": model.split_state(joined)}
    second = model({**rest, "targets": targets[:, 4:]})
    np.testing.assert_allclose(
        second.losses, cross_entropies(whole.logits, targets)[:, 4:], rtol=1e-11
    )
    for a, b in zip(tf.nest.flatten(second.state), tf.nest.flatten(whole.state)):
        np.testing.assert_allclose(a, b, rtol=1e-11)


def cross_entropies(logits, targets):
    return tf.nn.sparse_softmax_cross_entropy_with_logits(targets, logits)


def test_loss_of_a_text_carries_the_state(model):
    tokens = np.random.default_rng(3).integers(0, WORDS, 22, "int32")
    streams = tokens.reshape(2, -1)
    expected = cross_entropy(streams[:, 1:], model(streams[:, :-1]))
    loss = TextEvaluation(model, length=4).mean_loss(tokens, 2)
    np.testing.assert_allclose(loss, expected, rtol=1e-11)


def test_gradients_equal_finite_differences(model):
    tokens, targets = make_batch(time=4)
    masks = model.draw_masks(BATCH, tf.constant([7, 1]))

    # Two forms, of which the padded one leaves words out.
    @tf.function(autograph=False)
    def loss_and_gradients():
        inputs = {"tokens": tokens, "targets": targets, "masks": masks}
        with tf.GradientTape() as tape:
            output = model(inputs, training=True)
            loss = cross_entropy(None, output, tf.constant(3))
        variables = [v.value for v in model.trainable_variables]
        gradients = tape.gradient(loss, variables)
        return loss, [tf.convert_to_tensor(g) for g in gradients]

    _, gradients = loss_and_gradients()
    random, step = np.random.default_rng(8), 1e-5
    for variable, gradient in zip(model.trainable_variables, gradients, strict=True):
        before, direction = variable.numpy(), random.normal(size=variable.shape)
        losses = []
        for sign in (1, -1):
            variable.assign(before + sign * step * direction)
            losses.append(float(loss_and_gradients()[0]))
        variable.assign(before)
        quotient = (losses[0] - losses[1]) / (2 * step)
        product = float(np.sum(direction * np.array(gradient)))
        np.testing.assert_allclose(quotient, product, rtol=1e-5, atol=1e-9)
        assert product != 0


def test_a_step_of_training_moves_weights_and_state(model):
    variables = model.trainable_variables
    before = [variable.numpy() for variable in variables]
    training = LanguageTrainingModel(model, BATCH, 0.25, 0.5, seed=5)
    training.compile(AveragedSGD(0.5, 0.0))
    tokens, targets = make_batch()
    batch = {
        "tokens": tokens,
        "targets": targets,
        "length": tf.constant(4),
        "starts": tf.constant(True),
        "rate_factor": tf.constant(0.5, tf.float64),
    }
    training.train_step(batch)
    for variable, value in zip(variables, before, strict=True):
        assert np.any(variable.numpy() != value), variable.path
    state = carried(training.state, tf.constant(False))
    assert type(state) is tuple and type(state[0]) is tuple
    for layer, cell in zip(state, model.cells, strict=True):
        for part in layer:
            assert part.shape == (BATCH, cell.units) and np.any(part != 0)
    state = carried(training.state, tf.constant(True))
    assert not any(np.any(part) for part in tf.nest.flatten(state))
    for variable, value in zip(variables, before):
        variable.assign(value)


def test_replicas_take_their_rows_of_masks_but_not_of_kernels(model):
    training = LanguageTrainingModel(model, BATCH, seed=5)
    training.compile(AveragedSGD(0.5, 0.0))
    tokens, targets = make_batch()
    batch = {
        "tokens": tokens,
        "targets": targets,
        "length": tf.constant(4),
        "starts": tf.constant(True),
    }
    seeds = tf.constant([1, 2], tf.int64)
    whole = training._replica_inputs(batch, training.state, seeds)
    training.replicas.part = lambda x: x[1:]
    part = training._replica_inputs(batch, training.state, seeds)
    for name, mask in whole["masks"].items():
        rows = 0 if name in model.shared_masks else 1
        got = tf.nest.flatten(part["masks"][name])
        for a, b in zip(got, tf.nest.flatten(mask), strict=True):
            np.testing.assert_array_equal(a, b[rows:])


def test_save_and_load_agree(model, tmp_path):
    save_model(model, tmp_path / "model.keras")
    loaded = load_language_model(tmp_path / "model.keras")
    assert type(loaded) is type(model)
    tokens, _ = make_batch()
    np.testing.assert_array_equal(loaded(tokens).logits, model(tokens).logits)
    seed = tf.constant([3, 4])
    masks = zip(*(tf.nest.flatten(m.draw_masks(2, seed)) for m in (model, loaded)))
    for a, b in masks:
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"vocabulary_size": 1}, "`vocabulary_size`"),
        ({"cells": []}, "`cells`, expected one or more `LayerCell`s"),
        ({"cells": [keras.layers.LSTMCell(3)]}, "`cells`"),
        ({"embedding_units": 4}, "`embedding_units`, expected that of the last"),
        ({"embedding_units": 0}, "`embedding_units`, expected an integer"),
        ({"sums_layers": True}, "`cells`, expected cells of one size"),
        ({"dropout": {"hidden": 2}}, "`hidden`"),
    ],
)
def test_invalid_arguments(arguments, message):
    arguments = {"cells": [LSTMCell(4), LSTMCell(3)], **arguments}
    with pytest.raises(ValueError, match=message):
        StackedLanguageModel(**{"vocabulary_size": 9, **arguments})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"num_experts": 0}, "`num_experts`"), ({"latent_rate": 1.0}, "`latent_rate`")],
)
def test_invalid_mixtures(arguments, message):
    with pytest.raises(ValueError, match=message):
        MixtureLanguageModel(9, [LSTMCell(4)], 3, **arguments)
