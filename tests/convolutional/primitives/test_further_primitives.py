"""All primitives beside those of DARTS' list, against their plain form in float64."""

import functools

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.autodiff.dual import Dual
from darts_tf.convolutional.evaluation_operation import EvaluationOperation
from darts_tf.convolutional.mixed_op import MixedOp
from darts_tf.convolutional.operations.batch_normalization import BatchStatistics
from darts_tf.convolutional.primitives import get_primitive, registry
from darts_tf.convolutional.primitives.base import Primitive, source_views
from darts_tf.method.methods import DARTS
from darts_tf.space.cell_space import CellSpace
from darts_tf.space.search_space import SearchSpace
from darts_tf.weight_count import count_weights
from tests.convolutional.primitives.plain_primitives import plain_primitive
from tests.method.method_checks import check_gradient

# A bottleneck has a quarter of the channels.
CHANNELS, INPUTS = 8, 6


def weights_of(name, f, i, stride):
    """Trained weights of a primitive from i to f channels, by its definition."""
    norm, middle, changes = 2 * f, f // 4, i != f
    projection = (i * f + norm) if changes else 0
    if name in ("identity", "skip_connect"):
        return i * f + norm if stride == 2 or changes else 0
    if "pool" in name:
        return projection
    return {
        "nor_conv_1x1": i * f + norm,
        "nor_conv_3x3": 9 * i * f + norm,
        "sep_conv_3x3": 9 * i + i * f + 9 * f + f * f + 2 * norm,
        "sep_conv_5x5": 25 * i + i * f + 25 * f + f * f + 2 * norm,
        "sep_conv_7x7": 49 * i + i * f + 49 * f + f * f + 2 * norm,
        "dil_conv_3x3": 9 * i + i * f + norm,
        "dil_conv_5x5": 25 * i + i * f + norm,
        "conv_7x1_1x7": 7 * i * f + 7 * f * f + norm,
        "conv_1x1": i * f + norm,
        "conv_2x2": 4 * i * f + norm,
        "conv_3x3": 9 * i * f + norm,
        "conv_1x3_3x1": 3 * i * f + 3 * f * f + norm,
        "conv_1x7_7x1": 7 * i * f + 7 * f * f + norm,
        "sep_conv_1x1": i + i * f + f + f * f + 2 * norm,
        "sep_conv_2x2": 4 * i + i * f + 4 * f + f * f + 2 * norm,
        "sep_conv_3x3_once": 9 * i + i * f + norm,
        "sep_conv_5x5_once": 25 * i + i * f + norm,
        "dil_sep_conv_3x3": 9 * i + i * f + 9 * f + f * f + 2 * norm,
        "dil_sep_conv_5x5": 25 * i + i * f + 25 * f + f * f + 2 * norm,
        "dep_conv_3x3": 9 * i + (projection or norm),
        "bottleneck_3x3": (i + f + 9 * middle + 4) * middle + norm,
        "bottleneck_1x3_3x1": (i + f + 6 * middle + 6) * middle + norm,
        "bottleneck_1x7_7x1": (i + f + 14 * middle + 6) * middle + norm,
        "conv_1x1_relu": i * f + norm,
        "sep_conv_3x3_relu": 9 * i + i * f + norm,
        "dep_conv_3x3_relu": 9 * i + (projection or norm),
    }[name]


POOLS = [f"{kind}_pool_{k}x{k}" for kind in ("max", "avg") for k in (2, 5, 7)]
NAMES = [
    *("identity", "conv_1x1", "conv_2x2", "conv_3x3", "conv_1x3_3x1", "conv_1x7_7x1"),
    *("sep_conv_1x1", "sep_conv_2x2", "sep_conv_3x3_once", "sep_conv_5x5_once"),
    *("dil_sep_conv_3x3", "dil_sep_conv_5x5", "dep_conv_3x3"),
    *("bottleneck_3x3", "bottleneck_1x3_3x1", "bottleneck_1x7_7x1"),
    *("conv_1x1_relu", "sep_conv_3x3_relu", "dep_conv_3x3_relu"),
    *POOLS,
]
# Other tests have these in the cells of DARTS; here they go to other channels.
OF_DARTS = [
    *("max_pool_3x3", "avg_pool_3x3", "skip_connect", "nor_conv_1x1", "nor_conv_3x3"),
    *("sep_conv_3x3", "sep_conv_5x5", "sep_conv_7x7", "dil_conv_3x3", "dil_conv_5x5"),
    "conv_7x1_1x7",
]
CHANGING = [*NAMES, *OF_DARTS]


def make_arrays(name, inputs, stride, image=(7, 8)):
    """State, kernels by name and scale in float64, and a direction for each."""
    random = np.random.default_rng(0)
    kernels = kernels_of(get_primitive(name), stride, inputs)
    shapes = [(3, *image, inputs), {k.name: k.shape for k in kernels}, (CHANNELS,)]
    leaves = [shapes[0], *shapes[1].values(), shapes[2]]

    def values():
        x, *middle, scale = (random.normal(size=shape) for shape in leaves)
        return [x, dict(zip(shapes[1], middle)), scale]

    return values(), values()


def kernels_of(primitive, stride, inputs):
    return primitive.kernels(CHANNELS, stride, inputs)


def ours(name, stride, x, kernels, scale):
    primitive = get_primitive(name)
    views = source_views(x, primitive.views(stride), stride)
    return primitive(views, kernels, BatchStatistics(), stride, scale)


def derivatives(function, values, along, by_rules):
    """Value and tangent, and the gradients of both, weighed at random.

    Args:
        function: Function of the state, the kernels and the scale.
        values, along: What `make_arrays` returns, as tensors.
        by_rules: Whether the tangent comes from the function's own rules for Duals,
            and not from nested tapes.
    """
    with tf.GradientTape() as tape:
        tape.watch([values, along])
        if by_rules:
            y = function(*tf.nest.map_structure(Dual, values, along))
            y, tangent = y.value, y.tangent
        else:
            y, tangent = _by_nested_tapes(function, values, along)
        random = np.random.default_rng(1)
        first, second = (
            tf.constant(random.normal(size=y.shape), y.dtype) for _ in "ab"
        )
        total = tf.reduce_sum(first * y**2 + second * tangent)
    gradients = tape.gradient(total, [values, along], unconnected_gradients="zero")
    return [y, tangent, *tf.nest.flatten(gradients)]


def _by_nested_tapes(function, values, along):
    """Value and tangent, which TensorFlow's forward accumulator takes longer for.

    What weighs the value weighs its gradient, too, whose product with the direction has
    the tangent as its derivative.
    """
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            inner.watch(values)
            y = function(*values)
        weights = tf.zeros_like(y)
        outer.watch(weights)
        gradients = inner.gradient(y, values, weights, unconnected_gradients="zero")
        pairs = zip(tf.nest.flatten(gradients), tf.nest.flatten(along), strict=True)
        product = tf.add_n([tf.reduce_sum(g * d) for g, d in pairs])
    return y, outer.gradient(product, weights)


def as_tensors(arrays, dtype):
    return tf.nest.map_structure(lambda array: tf.constant(array, dtype), arrays)


@functools.cache
def expected_derivatives(name, inputs, stride):
    values, along = as_tensors(make_arrays(name, inputs, stride), "float64")
    plain = functools.partial(_plain, name, stride)
    return derivatives(plain, values, along, by_rules=False)


def _plain(name, stride, x, kernels, scale):
    return plain_primitive(name, x, kernels, stride, scale)


def check(actual, expected, tolerance):
    for got, wanted in zip(actual, expected, strict=True):
        got, wanted = got.numpy(), wanted.numpy()
        scale = max(np.abs(wanted).max(), 1e-3)
        assert np.abs(got - wanted).max() <= tolerance * scale


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("name", NAMES)
def test_values_and_derivatives_of_first_and_second_order(name, stride):
    """In float64, and in float32 in a graph: other kernels of TensorFlow."""
    expected = expected_derivatives(name, CHANNELS, stride)
    arrays = make_arrays(name, CHANNELS, stride)
    function = functools.partial(ours, name, stride)
    exact = derivatives(function, *as_tensors(arrays, "float64"), by_rules=True)
    check(exact, expected, 1e-10)
    compute = tf.function(derivatives, autograph=False)
    check(compute(function, *as_tensors(arrays, "float32"), True), expected, 1e-4)


@pytest.mark.parametrize("side", [1, 4])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("name", ["avg_pool_5x5", "avg_pool_7x7", "max_pool_7x7"])
def test_windows_larger_than_the_image(name, stride, side):
    """For which TensorFlow's own gradient of an average is wrong."""
    arrays = make_arrays(name, CHANNELS, stride, (side, side))
    plain, function = (functools.partial(f, name, stride) for f in (_plain, ours))
    wanted = derivatives(plain, *as_tensors(arrays, "float64"), by_rules=False)
    exact = derivatives(function, *as_tensors(arrays, "float64"), by_rules=True)
    check(exact, wanted, 1e-9)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("name", CHANGING)
def test_to_other_channels(name, stride):
    expected = expected_derivatives(name, INPUTS, stride)
    arrays = make_arrays(name, INPUTS, stride)
    function = functools.partial(ours, name, stride)
    assert expected[0].shape == (3, -(-7 // stride), 8 // stride, CHANNELS)
    exact = derivatives(function, *as_tensors(arrays, "float64"), by_rules=True)
    check(exact, expected, 1e-10)
    primitive = get_primitive(name)
    sizes = sum(np.prod(k.shape) for k in kernels_of(primitive, stride, INPUTS))
    normalized = primitive.normalized_channels(CHANNELS, stride, INPUTS)
    weights = sizes + 2 * sum(normalized)
    assert weights == weights_of(name, CHANNELS, INPUTS, stride)


@pytest.mark.parametrize("name", CHANGING)
def test_the_same_channels_change_nothing(name):
    primitive = get_primitive(name)
    for stride in (1, 2):
        for method in (primitive.kernels, primitive.normalized_channels):
            assert method(CHANNELS, stride) == method(CHANNELS, stride, CHANNELS)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("name", NAMES)
def test_weights_of_a_derived_operation(name, stride):
    operation = EvaluationOperation(name, 8, stride)
    operation.build()
    assert count_weights(operation) == weights_of(name, 8, 8, stride)


def test_only_an_identity_is_spared_by_drop_path():
    assert EvaluationOperation("identity", 4).is_identity
    assert not EvaluationOperation("identity", 4, stride=2).is_identity
    assert not EvaluationOperation("conv_1x1", 4).is_identity


@pytest.mark.parametrize("recompute", [False, True])
@pytest.mark.parametrize("stride", [1, 2])
def test_a_mixed_operation_of_all_is_their_weighted_sum(stride, recompute):
    mixed_op = MixedOp(NAMES, 2, stride, recompute)
    mixed_op.build((None, 7, 8, CHANNELS))
    random = np.random.default_rng(2)
    coefficients = random.normal(size=(2, len(NAMES)))
    x = random.normal(size=(3, 7, 8, CHANNELS))
    arrays = as_tensors((x, coefficients), "float32")
    outputs = mixed_op(*arrays, training=True)
    for edge, row, y in zip(
        mixed_op.named_kernels(), coefficients, outputs, strict=True
    ):
        expected = 0
        for name, coefficient in zip(NAMES, row, strict=True):
            kernels = {
                kernel: tf.constant(value, "float64")
                for (owner, kernel), value in edge.items()
                if owner == name
            }
            scale = tf.fill([CHANNELS], coefficient)
            expected += plain_primitive(name, tf.constant(x), kernels, stride, scale)
        np.testing.assert_allclose(y, expected, atol=2e-3 * np.abs(expected).max())


# The cell's first edges have stride 2, the others 1.
ALL = SearchSpace("all", (CellSpace("reduce", 2, 2, tuple(NAMES), "pairs"),))


@pytest.mark.long
def test_exact_second_order_in_a_network_of_all():
    """Of alpha's gradient, against a difference of the loss after a step of w."""
    check_gradient(DARTS, "second", "exact", space=ALL)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("name", [*CHANGING, "none", "noise"])
def test_a_derived_operation_to_other_channels(name, stride):
    operation = EvaluationOperation(name, CHANNELS, stride, INPUTS, dtype="float64")
    operation.build()
    x = tf.constant(np.random.default_rng(0).normal(size=(3, 7, 8, INPUTS)))
    y = operation(source_views(x, operation.view_names, stride), training=True)
    assert y.shape == (3, -(-7 // stride), 8 // stride, CHANNELS)
    if name in ("none", "noise"):
        assert not operation.weights or name == "noise"
        assert np.ptp(y) > 1 if name == "noise" else not np.any(y)
        return
    assert count_weights(operation) == weights_of(name, CHANNELS, INPUTS, stride)
    kernels = operation.packing.unpack(tf.convert_to_tensor(operation.kernels))
    wanted = plain_primitive(name, x, kernels, stride, 1.0)
    np.testing.assert_allclose(y, wanted, rtol=1e-9, atol=1e-9)


def test_a_primitive_that_keeps_its_channels_says_so(monkeypatch):
    class Keeping(Primitive):
        def kernels(self, channels, stride):
            return ()

    monkeypatch.setitem(registry._REGISTRY, "keeping", Keeping())
    assert EvaluationOperation("keeping", 4).packing.size == 0
    with pytest.raises(ValueError, match="`primitive`, expected one that takes"):
        EvaluationOperation("keeping", 4, inputs=3)
