"""Draws of coefficients: their distributions, temperatures and derivatives."""

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.method.relaxations import Softmax, softmax
from darts_tf.method.sampled_relaxations import (
    Dirichlet,
    GumbelSoftmax,
    concentration,
    gumbel_noise,
    normalized,
)
from darts_tf.method.slots import Progress
from darts_tf.space.cell_space import CellSpace

SPACE = CellSpace("normal", 2, 2, ("none", "skip_connect", "sep_conv_3x3"))
ALPHA = np.random.default_rng(0).normal(size=SPACE.alpha_shape)
SEED = tf.constant([1, 2], tf.int64)


def progress(epoch):
    return Progress(tf.constant(0), tf.constant(epoch, tf.int64))


def coefficients(relaxation, drawn, alpha=ALPHA):
    return relaxation.coefficients(SPACE, {"alpha": tf.constant(alpha)}, drawn).numpy()


def test_gumbel_noise_has_its_moments():
    noise = gumbel_noise((200_000,), SEED).numpy()
    assert noise.mean() == pytest.approx(np.euler_gamma, abs=0.01)
    assert noise.var() == pytest.approx(np.pi**2 / 6, rel=0.01)


def test_gumbel_chooses_by_the_softmax():
    """The largest of alpha plus Gumbel noise is distributed as softmax(alpha)."""
    relaxation = GumbelSoftmax(hard=True)
    noise = gumbel_noise((20_000, *SPACE.alpha_shape), SEED)
    alpha = tf.constant(ALPHA, tf.float32)
    chosen = relaxation.coefficients(SPACE, {"alpha": alpha}, (noise, 1.0)).numpy()
    assert set(np.unique(chosen)) == {0.0, 1.0}
    np.testing.assert_allclose(chosen.mean(axis=0), softmax(ALPHA), atol=0.015)


@pytest.mark.parametrize("hard", [False, True])
def test_gumbel_softmax_has_its_gradient(hard):
    relaxation = GumbelSoftmax(hard, temperature=2.0, last_temperature=0.5, epochs=5)
    noise, temperature = relaxation.draw(SPACE, SEED, progress(2))
    assert float(temperature) == 1.25
    alpha = tf.constant(ALPHA)
    upstream = np.random.default_rng(1).normal(size=ALPHA.shape)
    with tf.GradientTape() as tape:
        tape.watch(alpha)
        found = relaxation.coefficients(SPACE, {"alpha": alpha}, (noise, temperature))
    soft = softmax((ALPHA + noise.numpy()) / 1.25)
    if hard:
        upstream = upstream * (soft == soft.max(axis=1, keepdims=True))
    inner = (upstream * soft).sum(axis=1, keepdims=True)
    gradient = tape.gradient(found, alpha, tf.constant(upstream))
    np.testing.assert_allclose(gradient, soft * (upstream - inner) / 1.25, rtol=1e-6)


def test_without_noise_and_temperature_it_is_the_softmax():
    neutral = GumbelSoftmax(noise=False)
    assert not neutral.draws
    expected = coefficients(Softmax(), None)
    np.testing.assert_array_equal(coefficients(neutral, None), expected)


def test_an_evaluation_draws_nothing():
    np.testing.assert_array_equal(
        coefficients(GumbelSoftmax(), None), coefficients(Softmax(), None)
    )
    chosen = coefficients(GumbelSoftmax(hard=True), None)
    np.testing.assert_array_equal(chosen.argmax(axis=1), ALPHA.argmax(axis=1))
    c = np.where(ALPHA > 0, ALPHA + 1, np.exp(ALPHA))
    mean = c / c.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(coefficients(Dirichlet(), None), mean, rtol=1e-14)


def test_dirichlet_has_its_moments():
    """Mean c / S and variance c (S - c) / (S^2 (S + 1)), S the sum of the row."""
    c = concentration(tf.constant(ALPHA[:1])).numpy()
    alpha = tf.constant(np.repeat(ALPHA[:1], 40_000, axis=0))
    drawn = Dirichlet().coefficients(SPACE, {"alpha": alpha}, SEED).numpy()
    np.testing.assert_allclose(drawn.sum(axis=1), 1, rtol=1e-12)
    total = c.sum()
    np.testing.assert_allclose(drawn.mean(axis=0), c[0] / total, atol=0.005)
    variance = c[0] * (total - c[0]) / (total**2 * (total + 1))
    np.testing.assert_allclose(drawn.var(axis=0), variance, rtol=0.03)


def test_the_gradient_of_a_draw_is_that_of_its_gammas():
    """dx_j/dc_i = (dg_i/dc_i) (delta_ij - x_j) / S."""
    c = concentration(tf.constant(ALPHA))
    gammas = tf.random.stateless_gamma(c.shape, SEED, alpha=c, dtype=c.dtype)
    slopes = tf.raw_ops.RandomGammaGrad(alpha=c, sample=gammas)
    x = normalized(gammas).numpy()
    upstream = np.random.default_rng(1).normal(size=ALPHA.shape)
    inner = (upstream * x).sum(axis=1, keepdims=True)
    in_c = slopes * (upstream - inner) / gammas.numpy().sum(axis=1, keepdims=True)
    expected = in_c * np.where(ALPHA > 0, 1, np.exp(ALPHA))
    alpha = tf.constant(ALPHA)
    with tf.GradientTape() as tape:
        tape.watch(alpha)
        drawn = Dirichlet().coefficients(SPACE, {"alpha": alpha}, SEED)
    np.testing.assert_allclose(drawn, x, rtol=1e-14)
    gradient = tape.gradient(drawn, alpha, tf.constant(upstream))
    np.testing.assert_allclose(gradient, expected, rtol=1e-10)
