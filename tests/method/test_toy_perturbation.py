"""A toy: w takes its step with coefficients that were moved to make the loss grow."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.method.methods import DARTS
from darts_tf.method.slots import Perturbation
from tests.method.method_checks import make_batch, make_model

pytestmark = pytest.mark.usefixtures("shared_edges")


@keras.saving.register_keras_serializable("test_toy_perturbation")
@dataclasses.dataclass(frozen=True)
class Uphill(Perturbation):
    """A step of a given size up the gradient of the training loss."""

    size: float = 0.1

    def perturbed(self, coefficients, gradients, seed, progress):
        _, gradient = gradients(coefficients)
        return tf.nest.map_structure(
            lambda x, g: x + self.size * tf.sign(g), coefficients, gradient
        )


def _after_a_step(method):
    model = make_model(method)
    model.train_step((make_batch(0), make_batch(1)))
    network, loss = model.network, float(model.get_metrics_result()["loss"])
    return loss, [[v.numpy() for v in x] for x in (network.weights_w, network.alphas)]


def test_only_the_step_of_w_sees_it():
    plain_loss, (plain_w, plain_alpha) = _after_a_step(DARTS)
    method = dataclasses.replace(DARTS, perturbation=Uphill())
    loss, (w, alpha) = _after_a_step(method)
    assert loss > plain_loss + 1e-4
    for first, second in zip(alpha, plain_alpha, strict=True):
        np.testing.assert_array_equal(first, second)
    assert any((first != second).any() for first, second in zip(w, plain_w))
    nothing = dataclasses.replace(DARTS, perturbation=Uphill(0.0))
    loss, (w, _) = _after_a_step(nothing)
    assert loss == plain_loss
    for first, second in zip(w, plain_w, strict=True):
        np.testing.assert_array_equal(first, second)
