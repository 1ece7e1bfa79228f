"""Averaged gradient descent on a quadratic, where every iterate is known."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.optimization.averaged_sgd import AveragedSGD, has_stopped_improving

RATE, DECAY, CURVATURE = 0.1, 0.01, np.array([1.0, 3.0, 5.0])
START = np.array([1.0, -2.0, 0.5])
# w_t = q^t w_0 on the loss CURVATURE . w^2 / 2.
Q = 1 - RATE * (CURVATURE + DECAY)

pytestmark = pytest.mark.usefixtures("float64")


def make():
    variable = keras.Variable(START, dtype="float64")
    optimizer = AveragedSGD(RATE, coupled_weight_decay=DECAY)
    optimizer.build([variable])
    return optimizer, variable


def descend(optimizer, variable, steps, traced=False):
    def step():
        optimizer.apply([variable * CURVATURE])

    step = tf.function(step, autograph=False) if traced else step
    for _ in range(steps):
        step()


@pytest.mark.parametrize("traced", [False, True])
def test_average_is_the_mean_of_a_geometric_series(traced):
    optimizer, variable = make()
    before, after = 4, 7
    descend(optimizer, variable, before, traced)
    np.testing.assert_array_equal(optimizer.averages[0], variable)
    assert not optimizer.is_averaging
    optimizer.start_averaging()
    assert optimizer.is_averaging
    descend(optimizer, variable, after, traced)
    np.testing.assert_allclose(variable, Q ** (before + after) * START, rtol=1e-13)
    series = Q ** (before + 1) * (1 - Q**after) / (1 - Q)
    np.testing.assert_allclose(
        optimizer.averages[0], series / after * START, rtol=1e-13
    )


def test_averaging_begins_in_a_step_that_is_traced_already():
    optimizer, variable = make()
    step = tf.function(lambda: optimizer.apply([variable * CURVATURE]), autograph=False)
    step()
    optimizer.start_averaging()
    step()
    step()
    expected = (Q**2 + Q**3) / 2 * START
    np.testing.assert_allclose(optimizer.averages[0], expected, rtol=1e-13)


def test_second_start_changes_nothing():
    optimizer, variable = make()
    optimizer.start_averaging()
    descend(optimizer, variable, 1)
    optimizer.start_averaging()
    descend(optimizer, variable, 1)
    expected = (Q + Q**2) / 2 * START
    np.testing.assert_allclose(optimizer.averages[0], expected, rtol=1e-13)


def test_averages_stand_for_the_weights_and_go_again():
    optimizer, variable = make()
    with optimizer.averaged_weights():
        np.testing.assert_array_equal(variable, START)
    optimizer.start_averaging()
    with optimizer.averaged_weights():
        np.testing.assert_array_equal(variable, START)
    descend(optimizer, variable, 5)
    weights, average = variable.numpy(), optimizer.averages[0].numpy()
    assert (weights != average).all()
    with optimizer.averaged_weights():
        np.testing.assert_array_equal(variable, average)
    np.testing.assert_array_equal(variable, weights)
    with pytest.raises(KeyError), optimizer.averaged_weights():
        raise KeyError
    np.testing.assert_array_equal(variable, weights)


def test_saved_variables_continue_the_average():
    straight = make()
    straight[0].start_averaging()
    descend(*straight, 6)
    first = make()
    first[0].start_averaging()
    descend(*first, 2)
    second = make()
    for old, new in zip(first[0].variables, second[0].variables, strict=True):
        new.assign(old)
    second[1].assign(first[1])
    assert second[0].is_averaging
    descend(*second, 4)
    np.testing.assert_array_equal(second[0].averages[0], straight[0].averages[0])


def test_config_round_trip():
    optimizer, _ = make()
    config = optimizer.get_config()
    assert AveragedSGD.from_config(config).get_config() == config


@pytest.mark.parametrize(
    ("losses", "expected"),
    [
        ([], False),
        ([3.0], False),
        # The best so far is among those that do not count yet.
        ([9.0, 8.0, 1.0, 7.0, 7.5], False),
        ([9.0, 8.0, 7.0, 1.0, 8.5], True),
        ([1.0, 2.0, 3.0], False),
        ([1.0, 2.0, 3.0, 4.0], True),
        ([1.0, 2.0, 3.0, 1.0], False),
        ([1.0, 2.0, 3.0, float("nan")], False),
    ],
)
def test_trigger(losses, expected):
    assert has_stopped_improving(losses, patience=2) is expected


def test_trigger_waits_for_five_evaluations_by_default():
    rising = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    assert [has_stopped_improving(rising[:n]) for n in range(5, 8)] == [
        False,
        False,
        True,
    ]
