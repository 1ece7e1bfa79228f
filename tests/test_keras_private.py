"""That Keras still has the names in `darts_tf.keras_private`, and what they mean."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf import keras_private


@pytest.fixture
def variables():
    return [keras.Variable(np.full([2], value)) for value in (1.0, 2.0)]


def built_adam(variables):
    optimizer = keras.optimizers.Adam(beta_1=0.5, beta_2=0.75)
    optimizer.build(variables)
    return optimizer


def test_get_variable_index(variables):
    optimizer = built_adam(variables)
    indices = [keras_private.variable_index(optimizer, v) for v in variables]
    assert indices == [0, 1]
    # `update_step` of one device's copy gets that of TensorFlow within.
    assert keras_private.variable_index(optimizer, variables[1].value) == 1


def test_trainable_variables(variables):
    optimizer = built_adam(variables)
    for found, variable in zip(
        keras_private.trained_variables(optimizer), variables, strict=True
    ):
        assert found is variable


def test_momentums_and_velocities(variables):
    optimizer = built_adam(variables)
    gradient = np.full([2], 4.0, "float32")
    optimizer.apply([gradient, 2 * gradient], variables)
    m, v = keras_private.adam_moments(optimizer, 1)
    np.testing.assert_array_equal(m, 0.5 * 2 * gradient)
    np.testing.assert_array_equal(v, 0.25 * (2 * gradient) ** 2)


def test_backend_update_step(variables):
    """It is called once for all variables, and calls `update_step` for each."""
    found = []

    class Optimizer(keras_private.JointlyMovingOptimizer):
        def move(self, gradients, variables, learning_rate):
            found.append((len(gradients), len(variables), float(learning_rate)))
            super().move(gradients, variables, learning_rate)

        def update_step(self, gradient, variable, learning_rate):
            self.assign_sub(variable, learning_rate * gradient)

    optimizer = Optimizer(0.5)
    optimizer.build(variables)
    optimizer.apply([np.full([2], 4.0, "float32")] * 2, variables)
    assert found == [(2, 2, 0.5)]
    assert [float(x[0]) for x in variables] == [-1, 0]


@pytest.mark.parametrize("builds", [True, False])
def test_maybe_symbolic_build(builds):
    """Keras calls a model with a symbolic batch to build it, unless told otherwise."""

    class Model(keras.Model if builds else keras_private.ModelBuiltByCompile):
        calls = 0

        def call(self, inputs):
            self.calls += 1
            return inputs

        def train_step(self, data):
            return {"loss": keras.ops.zeros([])}

    # Without a strategy, Keras builds a model where it traces the step.
    with tf.distribute.OneDeviceStrategy("CPU:0").scope():
        model = Model()
        model.compile(loss="mse")
    model.fit(np.ones([2, 1]), np.ones([2, 1]), batch_size=2, verbose=0)
    assert bool(model.calls) == builds
