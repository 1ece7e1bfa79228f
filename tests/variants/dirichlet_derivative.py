"""The pathwise derivative of a draw from a Dirichlet distribution.

It is the one that PyTorch approximates; that of normalized gammas is another.
"""

import numpy as np
import tensorflow as tf


def jacobian_of_dirichlet(concentration, sample):
    """Returns the derivative of a sample in the concentrations.

    Entry j is a draw from the Beta distribution of its concentration and the sum of
    the others, divided among these as before. So where the former moves, entry j
    moves as that quantile does, by r_j (1 - x_j), and all others lose in proportion.

    Args:
        concentration: Shape `(edges, operations)`.
        sample: Shape `(edges, operations)`.

    Returns:
        Array of shape `(edges, operations, operations)`: edge, what moves, by what.
    """
    c, x = (np.asarray(value, "float64") for value in (concentration, sample))
    rates = _rate(c, c.sum(axis=-1, keepdims=True) - c, x)
    return rates[:, None, :] * (np.eye(c.shape[-1]) - x[:, :, None])


def _rate(a, b, x):
    """Minus the derivative of I_x(a, b) in a, over the density times 1 - x.

    I is the integral of t^(a - 1) (1 - t)^(b - 1) from 0 to x over that from 0 to 1,
    and E the mean of log t. So its derivative is that integral with log t - E in it,
    or minus the rest of it, on whichever side of x that factor has one sign.
    """
    e = (tf.math.digamma(a) - tf.math.digamma(a + b)).numpy()
    a, b, x, e = (value[..., None] for value in (a, b, x, e))
    # By the substitution s = 1 / (1 + exp(-pi sinh u)) of tanh-sinh quadrature.
    u, step = np.linspace(-6, 6, 2401, retstep=True)
    log_s = -np.logaddexp(0, -np.pi * np.sinh(u))
    s, log_rest = np.exp(log_s), -np.logaddexp(0, np.pi * np.sinh(u))
    weight = step * np.pi * np.cosh(u) * np.exp(log_rest)
    # t is x s below x, and 1 - t is (1 - x) s above it.
    below = np.exp(a * log_s) * (1 - x * s) ** (b - 1) * (np.log(x) + log_s - e)
    above = np.exp(b * log_s) * (1 - (1 - x) * s) ** (a - 1)
    above = above * (np.log1p(-(1 - x) * s) - e)
    # Over the density, the powers of x that both have in front of them cancel.
    below, above = (np.sum(weight * side, axis=-1) for side in (below, above))
    a, b, x, e = (value[..., 0] for value in (a, b, x, e))
    return np.where(np.log(x) < e, -below * x / (1 - x) ** b, above / x ** (a - 1))
