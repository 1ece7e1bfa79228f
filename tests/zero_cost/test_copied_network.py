import keras
import numpy as np

from darts_tf.zero_cost.copied_network import copy_of
from tests.zero_cost.chain import SHAPE, built_chain


def test_a_copy_computes_the_same_in_another_precision():
    keras.utils.set_random_seed(2)
    chain = built_chain()
    copy = copy_of(chain, "float64")
    assert {x.dtype for x in copy.trainable_variables} == {"float64"}
    images = np.random.default_rng(0).normal(size=(3, *SHAPE))
    first, second = chain(images, training=True), copy(images, training=True)
    np.testing.assert_allclose(first, second, rtol=1e-4, atol=1e-6)
    copy.set_weights([2 * x for x in copy.get_weights()])
    np.testing.assert_array_equal(chain(images, training=True), first)
