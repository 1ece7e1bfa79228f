"""A bilevel problem whose unrolled gradient is known in closed form."""

import contextlib

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.method import architecture_gradient
from darts_tf.method.architecture_gradient import Objective, clip_by_norm
from darts_tf.traced_device import supposed_gpu

MOMENTUM, DECAY = 0.9, 3e-4


class Quadratic:
    """L_train = |A w - B alpha|^2 / 2,  L_val = |C w - d|^2 / 2 + e . alpha.

    grad_w L_train = A'(A w - B alpha), so that w_prime is linear in alpha with the
    derivative xi A'B, and

        d L_val(w_prime(alpha), alpha) / dalpha = e + xi B'A C'(C w_prime - d).
    """

    def __init__(self, seed=0):
        random = np.random.default_rng(seed)
        self.a, self.c = random.normal(size=(2, 5, 4))
        self.b = random.normal(size=(5, 3))
        self.d, self.e = random.normal(size=5), random.normal(size=3)
        self.w, self.buffer = random.normal(size=(2, 4))
        self.alpha = random.normal(size=3)

    def train_loss(self, w, alpha):
        residual = tf.linalg.matvec(self.a, _joined(w))
        residual -= tf.linalg.matvec(self.b, alpha[0])
        return tf.reduce_sum(residual**2) / 2, None

    def valid_loss(self, w, alpha):
        residual = tf.linalg.matvec(self.c, _joined(w)) - self.d
        loss = tf.reduce_sum(residual**2) / 2 + tf.reduce_sum(self.e * alpha[0])
        return loss, "aux"

    def direction(self, gradients):
        parts = zip(_parts(self.buffer), gradients, _parts(self.w))
        return [MOMENTUM * m + g + DECAY * w for m, g, w in parts]

    def w_prime(self, xi):
        gradient = self.a.T @ (self.a @ self.w - self.b @ self.alpha)
        return self.w - xi * (MOMENTUM * self.buffer + gradient + DECAY * self.w)

    def unrolled_gradient(self, xi):
        residual = self.c @ self.w_prime(xi) - self.d
        return self.e + xi * self.b.T @ self.a @ self.c.T @ residual


def _parts(w):
    return [tf.constant(w[:1]), tf.constant(w[1:])]


def _joined(w):
    return tf.concat(w, 0)


def second_order(problem, xi, product, clip_norm=None):
    return architecture_gradient.second_order(
        Objective(problem.train_loss),
        Objective(problem.valid_loss),
        _parts(problem.w),
        [tf.constant(problem.alpha)],
        xi,
        problem.direction,
        product,
        clip_norm,
    )


@pytest.mark.parametrize("traced", [False, True])
@pytest.mark.parametrize("xi", [0.0, 0.025, 0.7])
@pytest.mark.parametrize(
    "product, tolerance",
    [
        (architecture_gradient.exact_product, 1e-12),
        # Exact on a quadratic but for rounding, which the division magnifies.
        (architecture_gradient.finite_difference_product, 1e-11),
    ],
)
def test_second_order_is_the_closed_form(product, tolerance, xi, traced):
    problem = Quadratic()

    def compute():
        gradients = second_order(problem, xi, product)
        return gradients.loss, gradients.alpha[0]

    loss, gradient = (tf.function(compute) if traced else compute)()
    expected = problem.unrolled_gradient(xi)
    np.testing.assert_allclose(gradient, expected, rtol=tolerance, atol=tolerance)
    residual = problem.c @ problem.w_prime(xi) - problem.d
    expected_loss = residual @ residual / 2 + problem.e @ problem.alpha
    np.testing.assert_allclose(loss, expected_loss, rtol=1e-12)


@pytest.mark.parametrize("clip_norm", [0.1, 8.0, 1e3])
def test_clipped_second_order_is_the_closed_form(clip_norm):
    """8.0 clips v alone; a norm that clips nothing must not enlarge the second term."""
    problem, xi = Quadratic(), 0.025

    def clip(gradient):
        return min(1, clip_norm / (np.linalg.norm(gradient) + 1e-6))

    gradient = problem.a.T @ (problem.a @ problem.w - problem.b @ problem.alpha)
    k = clip(gradient)
    step = MOMENTUM * problem.buffer + k * gradient + DECAY * problem.w
    v = problem.c.T @ (problem.c @ (problem.w - xi * step) - problem.d)
    v *= clip(v)
    expected = problem.e + xi * k * problem.b.T @ problem.a @ v
    for product in (
        architecture_gradient.exact_product,
        architecture_gradient.finite_difference_product,
    ):
        gradients = second_order(problem, xi, product, clip_norm)
        np.testing.assert_allclose(gradients.alpha[0], expected, rtol=1e-11)


def test_second_order_is_the_derivative_of_the_unrolled_loss():
    """On a loss that is not quadratic, against a difference of the whole function."""
    problem, xi, step = Quadratic(1), 0.1, 1e-5

    def train_loss(w, alpha):
        quadratic, aux = problem.train_loss(w, alpha)
        return tf.math.sin(quadratic) + tf.reduce_sum(_joined(w) ** 3), aux

    def unrolled(alpha):
        train = Objective(train_loss)
        w, _ = architecture_gradient.unrolled_weights(
            train, _parts(problem.w), [tf.constant(alpha)], xi, problem.direction
        )
        return problem.valid_loss(w, [tf.constant(alpha)])[0].numpy()

    exact = architecture_gradient.second_order(
        Objective(train_loss),
        Objective(problem.valid_loss),
        _parts(problem.w),
        [tf.constant(problem.alpha)],
        xi,
        problem.direction,
    ).alpha[0]
    for index, unit in enumerate(np.eye(3)):
        plus, minus = (unrolled(problem.alpha + sign * step * unit) for sign in (1, -1))
        np.testing.assert_allclose(exact[index], (plus - minus) / (2 * step), rtol=1e-7)


def test_first_order_ignores_the_training_loss():
    problem = Quadratic()
    gradients = architecture_gradient.first_order(
        Objective(problem.valid_loss), _parts(problem.w), [tf.constant(problem.alpha)]
    )
    np.testing.assert_allclose(gradients.alpha[0], problem.e, rtol=1e-15)
    assert gradients.aux == "aux" and gradients.w is None


def test_unconnected_architecture_has_gradient_zero():
    problem = Quadratic()
    alpha = [tf.constant(problem.alpha), tf.ones([2], tf.float64)]
    gradients = architecture_gradient.second_order(
        Objective(problem.train_loss),
        Objective(problem.valid_loss),
        _parts(problem.w),
        alpha,
        0.1,
        problem.direction,
    )
    np.testing.assert_array_equal(gradients.alpha[1], [0, 0])


@pytest.mark.parametrize("traced_for", [contextlib.nullcontext, supposed_gpu])
def test_clip_by_norm(traced_for):
    gradients = [tf.constant([3.0, 0.0]), tf.constant([[4.0]])]
    with traced_for():
        clipped, k, norm = clip_by_norm(gradients, 2.0)
    assert norm == 5
    np.testing.assert_allclose(k, 0.4, rtol=1e-6)
    np.testing.assert_allclose(clipped[0], [1.2, 0], rtol=1e-6)
    for limit in (6.0, None):
        for before, after in zip(gradients, clip_by_norm(gradients, limit)[0]):
            np.testing.assert_array_equal(before, after)
