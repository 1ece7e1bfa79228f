"""What holds for every search method, checked on a small network in float64."""

import functools
from unittest import mock

import keras
import numpy as np
import tensorflow as tf

from darts_tf.convolutional.search_model import SearchModel
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.method.architecture_gradient import finite_difference_product
from darts_tf.method.methods import SearchMethod
from darts_tf.method.network_loss import NetworkLoss
from darts_tf.method.search import architecture_search
from darts_tf.method.search.architecture_search import TRAIN, VALID
from darts_tf.optimization.optimizers import MomentumSGD

ORDERS = {
    "first": ("first", "exact"),
    "exact": ("second", "exact"),
    "finite difference": ("second", "finite_difference"),
}
PRIMITIVES = ("none", "avg_pool_3x3", "skip_connect", "sep_conv_3x3")
# So short that the network, which is made of smooth pieces, changes none of them.
_STEP, _RADIUS = 1e-6, 1e-6


def orders_of(method: SearchMethod) -> list[str]:
    """Returns the keys of `ORDERS` that a method has: with one level only the first."""
    return ["first"] if method.levels == 1 else [*ORDERS]


def make_model(method, order="first", hessian="exact", dtype="float64", **network):
    """Builds a search of 2 cells of 2 nodes; every call has the same weights."""
    keras.utils.set_random_seed(3)
    arguments = {"num_nodes": 2, "primitives": PRIMITIVES, **network}
    network = SearchNetwork(
        3, 4, num_cells=2, reductions=(1,), method=method, dtype=dtype, **arguments
    )
    network.build((None, 8, 8, 3))
    for alpha in network.alphas:
        if alpha.name.startswith("alpha"):
            # As small as it begins, alpha would have next to no second order.
            alpha.assign(300 * alpha)
    model = SearchModel(network, order, hessian, gradient_clip=None, seed=5)
    model.compile(MomentumSGD(0.1, 0.9, 3e-4))
    # In the network's precision, which Keras' losses are not.
    model.network_loss = NetworkLoss(network, _cross_entropy)
    return model


def _cross_entropy(labels, logits):
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
    return tf.reduce_mean(losses)


def make_batch(seed, dtype="float64", size=5):
    """Images and labels."""
    random = np.random.default_rng(seed)
    images = tf.constant(random.normal(size=(size, 8, 8, 3)), dtype)
    return images, tf.constant(random.integers(0, 3, size), tf.int32)


def step_batches(model):
    """The two batches of a step, with what the method draws for them."""
    train, valid = make_batch(0), make_batch(1)
    return (*train, model._drawn(TRAIN)), (*valid, model._drawn(VALID))


def check_gradient(method, order, hessian, tolerance=1e-5, **network):
    """`check_gradient_of` a model of its own.

    Args:
        method: `SearchMethod`.
        order, hessian: Of `SearchModel`.
        tolerance: Largest relative error.
        **network: Arguments of `SearchNetwork`.
    """
    check_gradient_of(make_model(method, order, hessian, **network), tolerance)


def check_gradient_of(model, tolerance=1e-5):
    """Asserts that alpha's gradient is that of the loss at the unrolled weights.

    Against a central difference along a random direction, of all that a step does: the
    weights after a step that depends on alpha, and the loss there. Moves nothing.

    Args:
        model: `SearchModel`.
        tolerance: Largest relative error.
    """
    train, valid = step_batches(model)
    random = np.random.default_rng(7)
    directions = [random.normal(size=a.shape) for a in model.network.alphas]
    with _short_difference():
        gradients = model.architecture_gradients(train, valid).alpha
    found = sum(np.sum(g * d) for g, d in zip(gradients, directions, strict=True))
    values = [alpha.numpy() for alpha in model.network.alphas]
    losses = [
        _loss(model, train, valid, [v + s * d for v, d in zip(values, directions)])
        for s in (_STEP, -_STEP)
    ]
    expected = (losses[0] - losses[1]) / (2 * _STEP)
    assert abs(found - expected) <= tolerance * abs(expected), (found, expected)


def _short_difference():
    """Makes the paper's finite difference nearly exact: it would leave the pieces."""
    product = functools.partial(finite_difference_product, radius=_RADIUS)
    products = {"finite_difference": product}
    return mock.patch.dict(architecture_search._PRODUCTS, products)


def _loss(model, train, valid, alpha):
    """The loss of alpha, after a step of w if the order is second."""
    alpha = [tf.constant(value) for value in alpha]
    w = [tf.convert_to_tensor(variable) for variable in model.network.weights_w]
    if model.order == "second":
        gradients = model.network_loss.on_batch(*train).w_gradients(w, alpha).w
        direction = model._free(model.optimizer.direction(gradients, w))
        rate = float(model.optimizer.learning_rate)
        w = [x - rate * d for x, d in zip(w, direction, strict=True)]
    valid = model.network_loss.on_batch(*valid)
    # That of the two which the step has traced.
    gradients = valid.alpha_gradients if model.order == "first" else valid.gradients
    loss = gradients(w, alpha).loss
    values = model.network.architecture.by_kind(alpha)
    terms = [term.value(values, model._progress()) for term in model.method.terms]
    return float(tf.add_n([loss, *terms]))
