"""The Dirichlet relaxation against derivatives that are known to 30 digits."""

from unittest import mock

import pytest
import tensorflow as tf

from darts_tf.method.sampled_relaxations import Dirichlet
from tests.variants.dirichlet_derivative import jacobian_of_dirichlet
from tests.variants.golden_variants import (
    check_quantity,
    each_quantity,
    read_json,
    relative_error,
    runs,
)


@pytest.fixture(scope="module")
def run(golden_folder):
    return runs(golden_folder, {"dirichlet": _compute})


def _compute(golden, settings):
    concentration = tf.constant(golden["concentration"], tf.float64)
    gamma = tf.constant(golden["gamma"])
    slopes = tf.raw_ops.RandomGammaGrad(alpha=concentration, sample=gamma)

    def recorded_gamma(shape, seed, alpha, dtype):
        """The recorded draw, whose slopes are TensorFlow's."""
        tf.debugging.assert_near(alpha, concentration, rtol=1e-15, atol=0.0)
        return gamma + slopes * (alpha - tf.stop_gradient(alpha))

    # elu(alpha) + 1 is alpha + 1 above 1 and exp(alpha) below.
    is_large = concentration > 1
    alpha = tf.where(is_large, concentration - 1, tf.math.log(concentration))
    with tf.GradientTape() as tape:
        tape.watch(alpha)
        with mock.patch.object(tf.random, "stateless_gamma", recorded_gamma):
            sample = Dirichlet().coefficients(None, {"alpha": alpha}, drawn=[0, 0])
    in_alpha = tape.batch_jacobian(sample, alpha)
    in_concentration = in_alpha / tf.where(is_large, 1.0, concentration)[:, None, :]
    return {
        "gamma_derivative_exact": slopes,
        "sample": sample,
        "jacobian_of_normalized_gammas": in_concentration,
        "jacobian_of_dirichlet_exact": jacobian_of_dirichlet(concentration, sample),
    }


@each_quantity("dirichlet")
def test_golden_quantity(run, name, pattern, record_property):
    check_quantity(*run(name), pattern, record_property)


def test_golden_approximation(run, golden_folder):
    """PyTorch's is as far from the exact one as its makers found."""
    golden, results = run("dirichlet")
    names = "jacobian_of_dirichlet_torch", "jacobian_of_dirichlet_exact"
    error = relative_error(golden[names[0]], results[names[1]])
    checks = read_json(golden_folder, "dirichlet")["checks"]
    expected = checks["torch dirichlet against exact"]
    assert error == pytest.approx(expected, rel=1e-9)
