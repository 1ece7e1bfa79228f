"""Search methods as data, and the steps that they lead to."""

import dataclasses

import keras
import numpy as np
import pytest

from darts_tf.method.methods import DARTS, W_FIRST, SearchMethod
from darts_tf.method.relaxations import Softmax
from tests.method.method_checks import (
    ORDERS,
    check_gradient_of,
    make_batch,
    make_model,
    step_batches,
)
from tests.restored_model import restored

pytestmark = pytest.mark.usefixtures("shared_edges")


@pytest.fixture(scope="module")
def made():
    return make_model(DARTS)


@pytest.fixture
def model(made):
    """As it was made, for any order: what one has traced serves the others."""
    made.order = "first"
    with restored(made):
        yield made


@pytest.mark.parametrize(("order", "hessian"), ORDERS.values(), ids=ORDERS)
def test_gradient(model, order, hessian):
    model.order, model.hessian = order, hessian
    check_gradient_of(model)


def test_a_method_is_made_again_from_its_configuration():
    for method in (DARTS, dataclasses.replace(DARTS, name="x", levels=1)):
        config = keras.saving.serialize_keras_object(method)
        assert keras.saving.deserialize_keras_object(config) == method
    assert SearchMethod() == DARTS


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"relaxation": "softmax"}, "`relaxation`, expected a `Relaxation`"),
        ({"edge": Softmax()}, "`edge`, expected a `Edge`"),
        ({"terms": (Softmax(),)}, "`terms`, expected a tuple of `Term`"),
        ({"update_order": "both"}, "`update_order`, expected one of"),
        ({"levels": 3}, "`levels`, expected one of"),
        ({"name": 3}, "`name`, expected a `str`"),
    ],
)
def test_malformed_methods_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        SearchMethod(**arguments)


def test_w_first_moves_alpha_at_the_new_w(model):
    other = make_model(dataclasses.replace(DARTS, update_order=W_FIRST))
    other.train_step((make_batch(0), make_batch(1)))
    moved = [v.numpy() for v in other.network.alphas]
    model._weight_step(step_batches(model)[0])
    model._architecture_step(*step_batches(model))
    for first, second in zip(moved, model.network.alphas, strict=True):
        np.testing.assert_array_equal(first, second)


def test_one_level_moves_all_by_one_gradient(model):
    single = make_model(dataclasses.replace(DARTS, levels=1))
    train, _ = step_batches(model)
    gradients = model.network_loss.on_batch(*train).gradients(*model._values())
    model._apply_architecture(gradients)
    single.train_step((make_batch(0), make_batch(1)))
    for first, second in zip(single.network.alphas, model.network.alphas):
        np.testing.assert_allclose(first, second, rtol=1e-12)
    logs = single.get_metrics_result()
    assert float(logs["arch_loss"]) == float(logs["loss"])
    with pytest.raises(ValueError, match="`order`, expected 'first'"):
        make_model(dataclasses.replace(DARTS, levels=1), "second")
