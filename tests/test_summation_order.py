"""No step of a search adds up in an order that depends on which thread is faster."""

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.autodiff.dual_operations import add_in_order
from darts_tf.experiments.recurrent_search.config import RecurrentSearchConfig
from darts_tf.methods import preset_names
from darts_tf.recurrent import LanguageModel, SearchCell
from darts_tf.recurrent.search_model import RecurrentSearchModel
from tests.long_cases import with_long
from tests.method.method_checks import ORDERS, make_batch, make_model, orders_of
from tests.methods.small_presets import method_of
from tests.summation_order import racing_sums

pytestmark = pytest.mark.usefixtures("shared_edges")

UNITS = 8
# Without `none`, which ASAP refuses.
ACTIVATIONS = ("tanh", "relu", "sigmoid", "identity")
PRIMITIVES = ("sep_conv_3x3", "skip_connect", "max_pool_3x3", "dil_conv_3x3")


def cases(kind):
    """Presets with each order that they have."""
    return [
        (name, order)
        for name in preset_names(kind)
        for order in orders_of(method_of(name))
    ]


def assert_settled(function, batch):
    signature = tf.nest.map_structure(tf.TensorSpec.from_tensor, batch)
    racing, count = racing_sums(function.get_concrete_function(signature))
    assert count and not racing


def compiled(step):
    return tf.function(step, autograph=False)


@pytest.mark.parametrize(
    ("name", "order"), with_long(cases("convolutional"), [("darts", "exact")])
)
def test_convolutional(name, order):
    method = method_of(name)
    model = make_model(method, *ORDERS[order], dtype="float32", primitives=PRIMITIVES)
    batches = make_batch(0, "float32"), make_batch(1, "float32")
    assert_settled(compiled(model.train_step), batches)
    assert_settled(compiled(model.test_step), batches[0])


@pytest.mark.parametrize(
    ("name", "order"), with_long(cases("recurrent"), [("darts", "exact")])
)
@pytest.mark.parametrize("recompute", with_long([False, True], [False]))
def test_recurrent(name, order, recompute):
    method = method_of(name, RecurrentSearchConfig)
    cell = SearchCell(UNITS, 3, ACTIVATIONS, method=method)
    dropout = RecurrentSearchConfig().dropout
    network = LanguageModel(50, cell, dropout, recompute=recompute)
    network.build()
    model = RecurrentSearchModel(network, 4, 4, *ORDERS[order])
    model.compile()
    batch = words()
    assert_settled(compiled(model.train_step), (batch, batch))
    assert_settled(compiled(model.test_step), batch)


def words():
    random = np.random.default_rng(0)
    tokens, targets = random.integers(50, size=(2, 4, 6), dtype="int32")
    batch = {
        "tokens": tokens,
        "targets": targets,
        "length": np.int32(6),
        "starts": True,
        "rate_factor": np.float32(1),
    }
    return tf.nest.map_structure(tf.constant, batch)


@pytest.mark.parametrize(
    ("add", "is_settled"),
    [
        (lambda x, y, z: tf.add_n([x, y, z]), False),
        (lambda x, y, z: tf.add_n([x, y, z * z]), False),
        (lambda x, y, z: tf.add_n([tf.reshape(x, [2]), y, z]), False),
        (lambda x, y, z: tf.add_n(tf.identity_n([x, y, z])), False),
        (lambda x, y, z: tf.add_n([x * x, y, z]), True),
        (lambda x, y, z: tf.add_n([x, y * y, z]), True),
        (lambda x, y, z: add_in_order([x, y, z, x * z]), True),
    ],
)
def test_terms_that_are_read_elsewhere(add, is_settled):
    @compiled
    def function(x):
        terms = x * x, x + x, tf.sqrt(x)
        return add(*terms), [term * 3 for term in terms]

    found = function.get_concrete_function(tf.TensorSpec([2], tf.float32))
    racing, count = racing_sums(found)
    assert count == 1 and (not racing) == is_settled


def test_a_term_that_is_read_before():
    @compiled
    def function(x):
        term = x * x
        return tf.add_n([term, tf.exp(term), tf.exp(x)])

    found = function.get_concrete_function(tf.TensorSpec([2], tf.float32))
    assert racing_sums(found) == ([], 1)


def test_add_in_order():
    random = np.random.default_rng(0)
    terms = [tf.constant(random.normal(size=5)) for _ in range(4)]
    for count in range(1, 5):
        expected = sum(x.numpy() for x in terms[:count])
        np.testing.assert_array_equal(add_in_order(terms[:count]), expected)
