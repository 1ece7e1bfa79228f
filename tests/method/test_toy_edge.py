"""A toy: edges that mix half of the channels and weigh what they let through."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.autodiff import dual, dual_operations
from darts_tf.method.methods import DARTS
from darts_tf.method.slots import Edge, Parameter
from tests.method.method_checks import check_gradient, make_batch, make_model

pytestmark = pytest.mark.usefixtures("shared_edges")


@dual.linear
def _subsampled(x, stride):
    return x[:, ::stride, ::stride]


class _HalfMixed(keras.layers.Layer):
    """Sends half of the channels through the mixed operations of some edges."""

    def __init__(self, mixed_op, stride, **arguments):
        super().__init__(**arguments)
        self.mixed_op, self.stride = mixed_op, stride

    def build(self, inputs_shape, *others):
        self.mixed_op.build((*inputs_shape[:-1], inputs_shape[-1] // 2))
        self.built = True

    def call(self, inputs, coefficients, weights, **arguments):
        mixed, passed = dual_operations.split(inputs, 2, axis=-1)
        passed = _subsampled(passed, self.stride)
        outputs = self.mixed_op(inputs=mixed, coefficients=coefficients, **arguments)
        return [
            dual_operations.concat([dual_operations.scaled(y, weight), passed], -1)
            for y, weight in zip(outputs, tf.unstack(weights))
        ]


@keras.saving.register_keras_serializable("test_toy_edge")
@dataclasses.dataclass(frozen=True)
class HalfEdge(Edge):
    """Half of the channels, with one weight an edge."""

    def parameters(self, space):
        ones = keras.initializers.Ones()
        return {"weight": Parameter((space.num_edges, 1), ones)}

    def layer(self, mixed_op, channels, stride, num_targets, **arguments):
        return _HalfMixed(mixed_op, stride, **arguments)

    def coefficients(self, space, values, drawn=None):
        return {"weights": tf.sigmoid(values["weight"])}

    def strengths(self, space, arrays):
        return 1 / (1 + np.exp(-arrays["weight"]))


METHOD = dataclasses.replace(DARTS, name="half", edge=HalfEdge())


def test_gradient():
    check_gradient(METHOD, "second", "exact")


def test_mixed_operations_have_half_of_the_channels():
    network, whole = make_model(METHOD).network, make_model(DARTS).network
    assert network.count_params() < whole.count_params()
    kernels = network.cells[0].mixed_ops[0].mixed_op.named_kernels()
    assert {kernel.shape[-1] for kernel in kernels[0].values()} <= {1, 2}
    model = make_model(METHOD)
    before = [alpha.numpy() for alpha in model.network.alphas]
    model.train_step((make_batch(0), make_batch(1)))
    for old, new in zip(before, model.network.alphas, strict=True):
        assert (old != new.numpy()).any()


def test_weights_of_the_edges_decide_which_stay():
    network = make_model(METHOD).network
    for alpha in network.alphas[:2]:
        alpha.assign(tf.zeros_like(alpha))
    weight = np.array([[0.0], [0.0], [3.0], [-3.0], [2.0]])
    for variable in network.alphas[2:]:
        variable.assign(weight)
    node = network.genotype().normal.nodes[1]
    assert [edge.source for edge in node] == [0, 2]


def test_a_network_of_such_edges_is_saved_and_loaded(tmp_path):
    network = make_model(METHOD).network
    network.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras")
    images, _ = make_batch(0)
    np.testing.assert_array_equal(loaded(images), network(images))
