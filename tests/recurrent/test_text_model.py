import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.optimization.optimizers import MomentumSGD
from darts_tf.recurrent import DropoutRates, EvaluationCell, LanguageModel
from darts_tf.recurrent.text_model import TextModel, carried
from tests.language_texts import GENOTYPE

VOCABULARY, UNITS, BATCH, WORDS = 9, 4, 6, 5
SEEDS = tf.constant([5, 1], tf.int64)


@pytest.fixture
def model():
    keras.utils.set_random_seed(1)
    rates = DropoutRates(0.4, 0.4, 0.4, 0.4, 0.4)
    network = LanguageModel(VOCABULARY, EvaluationCell(UNITS, GENOTYPE), rates)
    network.build()
    model = TextModel(network, BATCH, 0.25, 0.5, seed=5)
    model.compile(MomentumSGD(2.0, 0.0, 0.0))
    model.optimizer.build(network.trainable_variables)
    return model


def make_batch(starts=False):
    words = np.random.default_rng(4).integers(0, VOCABULARY, (BATCH, WORDS + 1))
    words = tf.constant(words, tf.int32)
    return {
        "tokens": words[:, :-1],
        "targets": words[:, 1:],
        "length": tf.constant(WORDS - 1),
        "starts": tf.constant(starts),
    }


def test_the_state_begins_with_zeros_where_the_text_does(model):
    state = model._add_state("state", BATCH)
    assert state.shape == (BATCH, UNITS) and not np.any(state)
    state.assign(tf.ones_like(state))
    np.testing.assert_array_equal(carried(state, tf.constant(False)), state)
    assert not np.any(carried(state, tf.constant(True)))


def test_inputs_are_the_same_within_a_step_and_others_in_the_next(model):
    state, batch = model._add_state("state", BATCH), make_batch()
    first = model._replica_inputs(batch, state, SEEDS)
    again = model._replica_inputs(batch, state, SEEDS)
    model.optimizer.iterations.assign_add(1)
    later = model._replica_inputs(batch, state, SEEDS)
    other = model._replica_inputs(batch, state, SEEDS + 1)
    assert first["masks"]
    for name, mask in first["masks"].items():
        np.testing.assert_array_equal(mask, again["masks"][name])
        assert not np.array_equal(mask, later["masks"][name])
        assert not np.array_equal(later["masks"][name], other["masks"][name])


def test_replicas_take_their_rows(model):
    state, batch = model._add_state("state", BATCH // 2), make_batch()
    whole = model._replica_inputs(batch, state, SEEDS)
    model.replicas.part = lambda x: x[BATCH // 2 :]
    part = model._replica_inputs(batch, state, SEEDS)
    for name in ("tokens", "targets"):
        np.testing.assert_array_equal(part[name], whole[name][BATCH // 2 :])
    for name, mask in whole["masks"].items():
        rows = mask if name == "words" else mask[BATCH // 2 :]
        np.testing.assert_array_equal(part["masks"][name], rows)
    assert part["length"] is batch["length"]


def test_shares_of_two_replicas_add_up(model):
    state, batch = model._add_state("state", BATCH), make_batch(starts=True)
    inputs = model._replica_inputs(batch, state, SEEDS)
    output = model.network(inputs, training=True)
    labels, length = (inputs["targets"], inputs["length"]), inputs["length"]
    loss, penalty = model._share(labels, output), model._penalty_share(output, length)
    assert loss > 1 and penalty > 0
    model.replicas.count = 2
    np.testing.assert_allclose(2 * model._share(labels, output), loss, rtol=1e-6)
    half = model._penalty_share(output, length)
    np.testing.assert_allclose(2 * half, penalty, rtol=1e-6)


def test_the_learning_rate_of_a_step(model):
    model._scale_learning_rate(2.0, tf.constant(0.25, tf.float64))
    assert float(model.optimizer.learning_rate) == 0.5
