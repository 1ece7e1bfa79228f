import keras
import numpy as np
import tensorflow as tf

from darts_tf.optimization.loss_scale import LossScale, all_finite


def test_the_rule_is_that_of_keras():
    """Over a random course of overflows."""
    settings = {"initial_scale": 64.0, "dynamic_growth_steps": 3}
    keras_scale = keras.optimizers.LossScaleOptimizer(
        keras.optimizers.SGD(), **settings
    )
    weight = keras.Variable(1.0)
    keras_scale.build([weight])
    scale = LossScale(initial_scale=64.0, growth_steps=3)
    for overflows in np.random.default_rng(0).random(60) < 0.2:
        keras_scale.apply([tf.constant(np.inf if overflows else 0.0)])
        values = scale.next_values(tf.constant(not overflows))
        for variable, value in zip(scale.variables, values, strict=True):
            variable.assign(value)
        assert float(scale.scale) == float(keras_scale.dynamic_scale)
        assert int(scale.good_steps) == int(keras_scale.step_counter)


def test_all_finite():
    assert all_finite([tf.zeros([2]), tf.constant(1.0)])
    assert not all_finite([tf.zeros([2]), tf.constant([0.0, np.nan])])
    assert not all_finite([tf.constant([0.0, -np.inf]), tf.zeros([2])])
