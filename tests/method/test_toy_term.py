"""A toy: a term that draws alpha to zero, more in later epochs."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.method.methods import DARTS
from darts_tf.method.slots import Term
from tests.method.method_checks import check_gradient, make_model, step_batches

pytestmark = pytest.mark.usefixtures("shared_edges")


@keras.saving.register_keras_serializable("test_toy_term")
@dataclasses.dataclass(frozen=True)
class GrowingDecay(Term):
    """The mean square of alpha, times a weight and the number of the epoch."""

    weight: float = 2.0

    def value(self, values, progress):
        alphas = tf.concat([of_kind["alpha"] for of_kind in values.values()], axis=0)
        epoch = tf.cast(progress.epoch, alphas.dtype)
        return self.weight * epoch * tf.reduce_mean(alphas**2)


METHOD = dataclasses.replace(DARTS, name="decayed", terms=(GrowingDecay(),))


def test_gradient():
    check_gradient(METHOD, "second", "exact")


def test_term_grows_with_the_epochs():
    model = make_model(METHOD)
    gradients = []
    for epoch in range(3):
        model.begin_epoch(epoch)
        found = model.architecture_gradients(*step_batches(model))
        gradients.append([g.numpy() for g in found.alpha])
    of_term = 2 * 2.0 * model.network.alphas[0].numpy() / (2 * 5 * 4)
    for epoch in (1, 2):
        added = gradients[epoch][0] - gradients[0][0]
        np.testing.assert_allclose(added, epoch * of_term, atol=1e-12)
    plain = make_model(DARTS)
    expected = plain.architecture_gradients(*step_batches(plain))
    np.testing.assert_array_equal(gradients[0][0], expected.alpha[0])
