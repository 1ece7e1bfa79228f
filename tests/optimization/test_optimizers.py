"""Three steps with a changing rate, against the rules written out in numpy."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.optimization.optimizers import CoupledAdam, MomentumSGD
from darts_tf.traced_device import supposed_gpu

RATES = (0.5, 0.1, 0.3)


def run(optimizer, start, gradients):
    variable = keras.Variable(start, dtype="float64")
    optimizer.build([variable])
    values = []
    for rate, gradient in zip(RATES, gradients, strict=True):
        optimizer.learning_rate = rate
        optimizer.apply([tf.constant(gradient)])
        values.append(variable.numpy())
    return values


def test_momentum_sgd_is_free_of_the_rate(float64):
    start, *gradients = np.random.default_rng(0).normal(size=(4, 5))
    optimizer = MomentumSGD(0.1, momentum=0.9, coupled_weight_decay=0.01)
    w, buffer = start, 0
    for rate, gradient, value in zip(
        RATES, gradients, run(optimizer, start, gradients)
    ):
        buffer = 0.9 * buffer + gradient + 0.01 * w
        w = w - rate * buffer
        np.testing.assert_allclose(value, w, rtol=1e-14)


def test_direction_is_the_next_step_and_changes_nothing(float64):
    start, *gradients = np.random.default_rng(1).normal(size=(4, 5))
    optimizer = MomentumSGD(0.1)
    variable = keras.Variable(start, dtype="float64")
    optimizer.build([variable])
    for gradient in gradients:
        before = variable.numpy()
        buffer = optimizer.buffers[0].numpy()
        (direction,) = optimizer.direction([gradient], [variable])
        np.testing.assert_array_equal(optimizer.buffers[0], buffer)
        optimizer.apply([tf.constant(gradient)])
        np.testing.assert_allclose(variable, before - 0.1 * direction, rtol=1e-14)


@pytest.mark.parametrize("nesterov", [False, True])
def test_one_program_on_a_gpu(float64, nesterov):
    """It is one call, that moves variables and buffers as the others do."""
    start, *gradients = np.random.default_rng(3).normal(size=(4, 2, 5))

    def moved():
        optimizer = MomentumSGD(0.1, coupled_weight_decay=0.01, nesterov=nesterov)
        variables = [keras.Variable(x) for x in start]
        optimizer.build(variables)

        @tf.function(autograph=False)
        def step(gradients):
            optimizer.apply(tf.unstack(gradients))

        for gradient in gradients:
            step(tf.constant(gradient))
        graph = step.get_concrete_function(tf.constant(start)).graph
        calls = [x for x in graph.get_operations() if "PartitionedCall" in x.type]
        return len(calls), [np.array(x) for x in (*variables, *optimizer.variables)]

    calls, expected = moved()
    with supposed_gpu():
        calls_on_gpu, found = moved()
    assert (calls, calls_on_gpu) == (0, 1)
    for got, wanted in zip(found, expected, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-14)


def test_coupled_adam(float64):
    start, *gradients = np.random.default_rng(2).normal(size=(4, 5))
    optimizer = CoupledAdam(0.1, coupled_weight_decay=0.01, epsilon=0.1)
    w, m, v = start, 0, 0
    values = run(optimizer, start, gradients)
    for t, (rate, gradient, value) in enumerate(zip(RATES, gradients, values), 1):
        gradient = gradient + 0.01 * w
        m = 0.5 * m + 0.5 * gradient
        v = 0.999 * v + 0.001 * gradient**2
        w = w - rate * (m / (1 - 0.5**t)) / (np.sqrt(v / (1 - 0.999**t)) + 0.1)
        np.testing.assert_allclose(value, w, rtol=1e-12)


@pytest.mark.parametrize("optimizer", [MomentumSGD(0.2, 0.8, 0.1), CoupledAdam(0.2)])
def test_optimizer_from_config(optimizer):
    copy = type(optimizer).from_config(optimizer.get_config())
    assert copy.get_config() == optimizer.get_config()
