"""Terms of the architecture's loss against their formulas in numpy."""

import dataclasses

import numpy as np
import pytest
import scipy.special
import tensorflow as tf

from darts_tf.method.methods import DARTS
from darts_tf.method.slots import Progress
from darts_tf.method.terms import DirichletDivergence, Entropy, LogSumExp, ZeroOne
from tests.method.method_checks import check_gradient

RANDOM = np.random.default_rng(0)
ALPHAS = {kind: RANDOM.normal(size=(5, 3)) for kind in ("normal", "reduce")}
ALL = np.concatenate([*ALPHAS.values()])
SIGMOID = scipy.special.expit(ALL)
SOFTMAX = scipy.special.softmax(ALL, axis=1)
C = np.where(ALL > 0, ALL + 1, np.exp(ALL))


def divergence():
    """KL(Dir(c) || Dir(1)), by edges."""
    total = C.sum(axis=1, keepdims=True)
    digamma = scipy.special.digamma
    return (
        scipy.special.gammaln(total[:, 0])
        - scipy.special.gammaln(C.shape[1])
        - scipy.special.gammaln(C).sum(axis=1)
        + ((C - 1) * (digamma(C) - digamma(total))).sum(axis=1)
    )


EXPECTED = {
    ZeroOne(10.0): -10 * np.mean((SIGMOID - 0.5) ** 2),
    ZeroOne(2.0, squared=False): -2 * np.mean(np.abs(SIGMOID - 0.5)),
    LogSumExp(0.5): 0.5 * 4 * np.mean(scipy.special.logsumexp(ALL, axis=1)),
    DirichletDivergence(1e-3): 1e-3 * divergence().sum(),
    Entropy(0.3): -0.3 * np.mean((SOFTMAX * np.log(SOFTMAX)).sum(axis=1)),
}


@pytest.mark.parametrize("term", EXPECTED, ids=str)
def test_value(term):
    values = {kind: {"alpha": tf.constant(x)} for kind, x in ALPHAS.items()}
    value = term.value(values, Progress(tf.constant(7), tf.constant(4, tf.int64)))
    assert float(value) == pytest.approx(EXPECTED[term], rel=1e-12)


@pytest.mark.parametrize(
    ("term", "shares"),
    [
        # By their numbers of operations, and of edges.
        (ZeroOne(), (0.6, 0.4)),
        (LogSumExp(), (0.5, 0.5)),
        (DirichletDivergence(), (1, 1)),
        (Entropy(), (0.5, 0.5)),
    ],
    ids=str,
)
def test_kinds_of_different_numbers_of_operations(term, shares):
    alphas = [ALPHAS["normal"], ALPHAS["reduce"][:, :2]]
    values = [{"alpha": tf.constant(x)} for x in alphas]
    progress = Progress(tf.constant(7), tf.constant(4, tf.int64))
    apart = [float(term.value({"only": x}, progress)) for x in values]
    found = term.value(dict(zip(ALPHAS, values, strict=True)), progress)
    assert float(found) == pytest.approx(np.dot(shares, apart), rel=1e-12)


def test_the_divergence_from_itself_is_0():
    values = {"only": {"alpha": tf.zeros([2, 3], tf.float64)}}
    value = DirichletDivergence().value(values, Progress(0, 0))
    assert float(value) == pytest.approx(0, abs=1e-15)


def test_gradient():
    method = dataclasses.replace(DARTS, terms=(ZeroOne(), Entropy()))
    check_gradient(method, "second", "exact")
