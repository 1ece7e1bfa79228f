"""A toy: a relaxation with noise, a parameter of its own, and steps that matter."""

import dataclasses
from typing import ClassVar

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.method.methods import DARTS
from darts_tf.method.relaxations import Relaxation, softmax
from darts_tf.method.slots import Parameter
from tests.method.method_checks import (
    ORDERS,
    check_gradient_of,
    make_batch,
    make_model,
    step_batches,
)
from tests.restored_model import restored

pytestmark = pytest.mark.usefixtures("shared_edges")


@keras.saving.register_keras_serializable("test_toy_relaxation")
@dataclasses.dataclass(frozen=True)
class NoisySoftmax(Relaxation):
    """Softmax of alpha with noise that fades, sharpened by a learned number an edge."""

    draws: ClassVar[bool] = True
    noise: float = 0.5

    def parameters(self, space):
        sharpness = Parameter((space.num_edges, 1), keras.initializers.Ones())
        return {**super().parameters(space), "sharpness": sharpness}

    def draw(self, space, seed, progress):
        scale = self.noise / (1 + tf.cast(progress.step + progress.epoch, tf.float64))
        normal = tf.random.stateless_normal(space.alpha_shape, seed, dtype=tf.float64)
        return scale * normal

    def coefficients(self, space, values, drawn=None):
        logits = values["alpha"] * values["sharpness"]
        if drawn is not None:
            logits += tf.cast(drawn, logits.dtype)
        return tf.nn.softmax(logits)

    def strengths(self, space, arrays):
        return softmax(arrays["alpha"] * arrays["sharpness"])


METHOD = dataclasses.replace(DARTS, name="noisy", relaxation=NoisySoftmax())


@pytest.fixture(scope="module")
def made():
    return make_model(METHOD)


@pytest.fixture
def model(made):
    """As it was made, for any order: what one has traced serves the others."""
    with restored(made):
        yield made


@pytest.mark.parametrize(("order", "hessian"), ORDERS.values(), ids=ORDERS)
def test_gradient_is_that_of_one_function(model, order, hessian):
    """Every pass over a batch takes that batch's noise."""
    model.order, model.hessian = order, hessian
    check_gradient_of(model)


def test_each_batch_of_each_step_has_a_draw_of_its_own(model):
    model.order, draws = "first", []
    for _ in range(2):
        draws += [drawn["normal"][0].numpy() for *_, drawn in step_batches(model)]
        model.train_step((make_batch(0), make_batch(1)))
    assert len({draw.tobytes() for draw in draws}) == 4
    first = step_batches(model)[0][-1]["normal"][0]
    model.begin_epoch(3)
    later = step_batches(model)[0][-1]["normal"][0]
    np.testing.assert_allclose(later, first * (1 + 2) / (1 + 2 + 3))


def test_same_seed_gives_the_same_bits():
    results = []
    for _ in range(2):
        model = make_model(METHOD)
        for _ in range(2):
            model.train_step((make_batch(0), make_batch(1)))
        results.append([v.numpy().tobytes() for v in model.state_variables])
    assert results[0] == results[1]


def test_own_parameters_are_searched_and_derived_from(tmp_path):
    network = make_model(METHOD).network
    names = [alpha.name for alpha in network.alphas]
    assert names == [
        "alpha_normal",
        "alpha_reduce",
        "sharpness_normal",
        "sharpness_reduce",
    ]
    assert not {id(a) for a in network.alphas} & {id(w) for w in network.weights_w}
    sharpness = np.linspace(-2, 2, 5)[:, None]
    network.alphas[2].assign(sharpness)
    expected = softmax(network.alphas[0].numpy() * sharpness)
    strengths = network.architecture.strengths()
    np.testing.assert_array_equal(strengths["normal"], expected)
    assert network.genotype() == network.space.derive(strengths)
    network.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras")
    assert loaded.method == METHOD and loaded.genotype() == network.genotype()
