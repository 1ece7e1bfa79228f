"""What the multiplier adds to a loss, and how it ascends."""

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.method.multiplier import Multiplier


def at(value, excess=0.0, count=0, steps=100):
    multiplier = Multiplier(steps)
    for variable, x in zip(multiplier.variables, (value, excess, count)):
        variable.assign(x)
    return multiplier


@pytest.mark.parametrize(
    ("value", "excess", "slope"), [(4, 0.5, 4.5), (4, -0.5, 3.5), (0.25, -0.5, 0)]
)
def test_its_term_is_that_of_the_augmented_lagrangian(value, excess, slope):
    excess = tf.constant(excess, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(excess)
        term = at(value).term(excess)
    assert float(tape.gradient(term, excess)) == slope
    # The slope is a line down to 0, so that the term is this triangle.
    assert float(term) == (slope**2 - value**2) / 2
    assert float(at(value).term(tf.constant(0.0))) == 0


def test_an_excess_of_a_tenth_brings_it_to_ten():
    multiplier = at(0)
    for _ in range(100):
        for variable, x in zip(multiplier.variables, multiplier.ascended(0.1)):
            variable.assign(x)
    found = [variable.numpy() for variable in multiplier.variables]
    np.testing.assert_allclose(found, [10, 0.1, 100], rtol=1e-5)


def test_it_is_never_below_0():
    value, excess, count = at(0.01).ascended(-0.2)
    assert (float(value), int(count)) == (0, 1)
    assert float(excess) == pytest.approx(-0.2)


@pytest.mark.parametrize(
    ("excess", "count", "share"),
    [(0.05, 79, 1), (0.05, 80, 0.5), (-0.02, 99, 0.2), (0, 80, 0), (0.3, 80, 1)],
)
def test_the_last_fifth_of_the_steps_is_short_near_the_target(excess, count, share):
    assert float(at(1, excess, count).share_of_step()) == pytest.approx(share)
