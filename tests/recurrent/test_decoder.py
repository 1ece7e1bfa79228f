import numpy as np
import pytest
import tensorflow as tf

from darts_tf.autodiff.dual import Dual
from darts_tf.recurrent.decoder import Decoder, losses_and_errors

WORDS, UNITS, VOCABULARY = 6, 3, 7


def make_tensors(*shapes):
    random = np.random.default_rng(0)
    return [tf.constant(random.normal(size=shape), tf.float32) for shape in shapes]


def make_targets(shape):
    random = np.random.default_rng(1)
    return tf.constant(random.integers(0, VOCABULARY, shape), tf.int32)


def loss_and_gradients(constant_weights):
    """Of the words' losses, in the cell's outputs, the embedding and the bias."""
    shapes = (2, WORDS, UNITS), (VOCABULARY, UNITS), (VOCABULARY,)
    tensors, targets = make_tensors(*shapes), make_targets((2, WORDS))
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        losses = Decoder(recompute=False).losses(*tensors, targets, constant_weights)
        loss = tf.reduce_sum(losses**2)
    zero = tf.UnconnectedGradients.ZERO
    return loss, *tape.gradient(loss, tensors, None, zero)


@pytest.fixture(scope="module")
def usual():
    """What is computed without the flag."""
    return {constant: loss_and_gradients(constant) for constant in (False, True)}


@pytest.mark.parametrize("constant_weights", [False, True])
def test_deterministic_losses_are_the_usual_ones(
    constant_weights, usual, deterministic
):
    values = loss_and_gradients(constant_weights)
    for value, expected in zip(values, usual[constant_weights], strict=True):
        np.testing.assert_allclose(value, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_errors_are_the_gradient_of_the_losses(dtype, deterministic):
    (logits,) = make_tensors((WORDS, VOCABULARY))
    logits, targets = tf.cast(logits, dtype), make_targets(WORDS)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        losses, errors = losses_and_errors(logits, targets)
    assert losses.dtype == errors.dtype == logits.dtype
    tolerance = 1e-3 if dtype == "float16" else 1e-6
    np.testing.assert_allclose(errors, tape.gradient(losses, logits), atol=tolerance)


def test_deterministic_tangents_are_derivatives(deterministic):
    logits, tangent = make_tensors((WORDS, VOCABULARY), (WORDS, VOCABULARY))
    targets = make_targets(WORDS)
    with tf.autodiff.ForwardAccumulator(logits, tangent) as accumulator:
        expected = losses_and_errors(logits, targets)
    losses, errors = losses_and_errors(Dual(logits, tangent), targets)
    for x, value in zip((losses, errors), expected, strict=True):
        np.testing.assert_allclose(x.value, value, rtol=1e-6)
        np.testing.assert_allclose(x.tangent, accumulator.jvp(value), atol=1e-5)
