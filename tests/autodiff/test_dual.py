"""Tangents, and their gradients, against TensorFlow's forward accumulator."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.autodiff import dual, dual_operations
from darts_tf.autodiff.dual import Dual
from darts_tf.autodiff.tracing_speed import opaque_calls
from darts_tf.convolutional import SearchNetwork
from darts_tf.convolutional.operations import elementwise, pointwise, pooling
from darts_tf.convolutional.operations.batch_normalization import batch_normalization
from darts_tf.convolutional.operations.depthwise import depthwise_conv2d
from darts_tf.convolutional.packing import Kernel
from darts_tf.convolutional.primitives import Primitive, register_primitive
from darts_tf.method.network_loss import NetworkLoss, RelaxedObjective


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def kernel(*shape):
    return normal(*shape, seed=9) / np.sqrt(np.prod(shape[:-1]))


tanh = dual.elementwise(tf.tanh)


def _still(x):
    """A tensor of the shape and dtype of another one, that stands still."""
    return tf.constant(normal(*x.shape, seed=5), x.dtype)


# Function of Duals or tensors, and the arguments that carry a tangent.
FUNCTIONS = {
    "relu": (elementwise.relu, [normal(2, 5, 6, 3)]),
    "pointwise": (pointwise.pointwise, [normal(2, 5, 6, 3), kernel(3, 4)]),
    "elementwise": (tanh, [normal(5, 3)]),
    "operators": (
        lambda x, y: 2.0 * x * y - (tanh(x) + 1.0) * x + y - 3.0,
        [normal(5, 3), normal(5, 3, seed=2)],
    ),
    "phases": (lambda x: pointwise.phases(x)[1], [normal(2, 5, 7, 3)]),
    "batch_normalization": (
        lambda x: batch_normalization(x, tf.cast(0.3, x.dtype))[0],
        [2 + normal(3, 5, 6, 4)],
    ),
    "batch_normalization_relu": (
        lambda x: batch_normalization(
            x, tf.constant([0.3, -0.5, 2.0], x.dtype), relu=True
        )[0],
        [normal(3, 5, 6, 3)],
    ),
    "batch_normalization_affine": (
        lambda x, scale, offset: batch_normalization(x, scale, offset)[0],
        [normal(3, 5, 6, 4), normal(4, seed=2), normal(4, seed=3)],
    ),
    "batch_normalization_by_dual_scale": (
        lambda x, scale: batch_normalization(x, scale, relu=True)[0],
        [normal(3, 5, 6, 4), normal(4, seed=2)],
    ),
    "scaled": (dual_operations.scaled, [normal(3, 5, 4), normal(4, seed=2)]),
    "chosen": (
        lambda x: elementwise.chosen(x, [2, 0, 0], axis=1),
        [normal(4, 3)],
    ),
    # The other arguments are plain tensors: they stand still.
    "add_n_beside_tensors": (
        lambda x, y: dual_operations.add_n([x, _still(x), y]),
        [normal(5, 3), normal(5, 3, seed=2)],
    ),
    "concat_beside_tensors": (
        lambda x: dual_operations.concat([_still(x), x], axis=-1),
        [normal(5, 3)],
    ),
    "scale_of_a_tensor": (
        lambda scale: batch_normalization(
            tf.constant(normal(3, 5, 6, 4), scale.dtype), scale
        )[0],
        [normal(4, seed=2)],
    ),
}
FUNCTIONS["max_pool_2x2"] = (
    lambda x: pooling.max_pool(x, 2, 2),
    [normal(2, 5, 8, 3)],
)
for stride in (1, 2):
    for size in ((8, 8), (5, 7)):
        name = f"stride_{stride}_{size[0]}x{size[1]}"
        image = normal(2, *size, 3)
        FUNCTIONS |= {
            f"max_pool_{name}": (
                lambda x, s=stride: pooling.max_pool_3x3(x, s),
                [image],
            ),
            f"average_pool_{name}": (
                lambda x, s=stride: pooling.average_pool_3x3(x, s),
                [image],
            ),
        }
        for rows in (3, 5):
            FUNCTIONS[f"depthwise_{rows}_{name}"] = (
                lambda x, w, s=stride: depthwise_conv2d(x, w, s),
                [image, kernel(rows, rows, 3, 1)],
            )


def derivatives(function, arguments, dtype, make):
    """Value, tangent, and the gradients of both, weighed at random, in the first."""
    arguments = [tf.constant(x, dtype) for x in arguments]
    tangents = [tf.constant(normal(*x.shape, seed=5), dtype) for x in arguments]

    @tf.function(autograph=False)
    def compute(arguments, tangents):
        with tf.GradientTape() as tape:
            tape.watch([arguments[0], tangents[0]])
            y = make(function, arguments, tangents)
            total = tf.reduce_sum(
                y.value * tf.constant(normal(*y.shape, seed=6), dtype)
                + y.tangent * tf.constant(normal(*y.shape, seed=7), dtype)
            )
        return (
            y.value,
            y.tangent,
            *tape.gradient(total, [arguments[0], tangents[0]]),
        )

    return [x.numpy() for x in compute(arguments, tangents)]


def by_rules(function, arguments, tangents):
    first, *others = map(Dual, arguments, tangents)
    return function(first, *others)


def by_rules_with_constants(function, arguments, tangents):
    first, *others = map(Dual, arguments, tangents)
    return function(first, *dual_operations.stop_gradient(others))


def by_accumulator(function, arguments, tangents):
    return dual.forward(function, *map(Dual, arguments, tangents))


@functools.lru_cache(maxsize=1)
def expected_derivatives(name):
    """Those of a function, by the accumulator, once for all forms of its rule."""
    return derivatives(*FUNCTIONS[name], "float64", by_accumulator)


@pytest.mark.parametrize("make", [by_rules, by_rules_with_constants])
@pytest.mark.parametrize("dtype, tolerance", [("float64", 1e-12), ("float32", 2e-5)])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_rule_against_forward_accumulator(name, dtype, tolerance, make):
    expected = expected_derivatives(name)
    actual = derivatives(*FUNCTIONS[name], dtype, make)
    for a, e in zip(actual, expected, strict=True):
        assert np.max(np.abs(a - e)) <= tolerance * np.max(np.abs(e))


def test_forward_knows_shapes_however_often_it_is_called():
    sizes = range(1, 101)

    @opaque_calls
    def squares():
        x = [Dual(tf.ones([size]), tf.ones([size])) for size in sizes]
        return [dual.forward(tf.square, each) for each in x]

    with tf.Graph().as_default():
        shapes = [y.tangent.shape for y in squares()]
    assert shapes == [[size] for size in sizes]


def test_first_of_equal_maxima_gets_the_tangent():
    x = tf.zeros([1, 4, 4, 1])
    tangent = tf.reshape(tf.range(16.0), [1, 4, 4, 1])
    y = pooling.max_pool_3x3(Dual(x, tangent), 1)
    expected = [[0, 0, 1, 2], [0, 0, 1, 2], [4, 4, 5, 6], [8, 8, 9, 10]]
    assert y.tangent.numpy()[0, ..., 0].tolist() == expected


@pytest.mark.parametrize("stride", [1, 2])
def test_second_derivative_of_a_maximum_in_a_graph(stride):
    x, weights, cotangent, factor = (
        tf.constant(normal(*shape, seed=seed))
        for seed, shape in enumerate(
            [(2, 6, 6, 3), (3,), (2, 6 // stride, 6 // stride, 3), ()]
        )
    )

    def mixed():
        with tf.GradientTape() as outer:
            outer.watch(factor)
            with tf.GradientTape() as inner:
                inner.watch(weights)
                y = pooling.max_pool_3x3(x * weights, stride)
                loss = tf.reduce_sum(cotangent * y * factor)
            along = tf.reduce_sum(inner.gradient(loss, weights))
        return outer.gradient(along, factor)

    # The loss is the factor times another, whose gradient it therefore is.
    compiled = tf.function(mixed, autograph=False)()
    with tf.GradientTape() as tape:
        tape.watch(weights)
        y = pooling.max_pool_3x3(x * weights, stride)
        loss = tf.reduce_sum(cotangent * y)
    expected = tf.reduce_sum(tape.gradient(loss, weights))
    assert compiled.numpy() == pytest.approx(expected.numpy(), rel=1e-12)


def test_derivatives_of_structures_along_a_direction():
    def function(values):
        return {"sum": values["x"] + values["y"], "square": [values["x"] ** 2]}

    x, y, u = (tf.constant(normal(4, seed=seed)) for seed in (1, 2, 3))
    still = tf.zeros_like(y)
    found, tangents = dual.with_tangents(
        function, {"x": x, "y": y}, {"x": u, "y": still}
    )
    np.testing.assert_array_equal(found["sum"], x + y)
    np.testing.assert_allclose(tangents["sum"], u)
    np.testing.assert_allclose(tangents["square"][0], 2 * x * u)


def test_all_are_duals_where_one_is():
    x = tf.constant(normal(3))
    assert dual.all_or_none([x, x]) == [x, x]
    moving, still = dual.all_or_none([Dual(x, x), x])
    np.testing.assert_array_equal(moving.tangent, x)
    np.testing.assert_array_equal(still.value, x)
    assert not np.any(still.tangent)


def test_read_gives_tangents_only_within_along():
    first, second = keras.Variable([1.0, 2.0]), keras.Variable([3.0])
    with dual.along([first], [tf.constant([5.0, 6.0])]):
        assert dual.read(first).tangent.numpy().tolist() == [5.0, 6.0]
        assert tf.is_tensor(dual.read(second))
    assert tf.is_tensor(dual.read(first))


class _Convolution(Primitive):
    """Made of TensorFlow's functions, which know no Dual."""

    def views(self, stride):
        return ("relu",)

    def kernels(self, channels, stride):
        return (Kernel("kernel", (3, 3, channels, channels), fan_in=9 * channels),)

    def normalized_channels(self, channels, stride):
        return (channels,)

    def __call__(self, views, kernels, normalize, stride, scale):
        y = tf.nn.conv2d(views["relu"], kernels["kernel"], stride, "SAME")
        return normalize(tf.nn.tanh(y), scale)


register_primitive("conv_of_test_dual", _Convolution())


def network_loss(dtype, primitives, num_nodes=1, size=8):
    keras.utils.set_random_seed(1)
    network = SearchNetwork(
        num_classes=3,
        init_channels=4,
        num_cells=2,
        num_nodes=num_nodes,
        primitives=primitives,
        reductions=[1],
        dtype=dtype,
    )
    network.build((None, size, size, 3))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return NetworkLoss(network, loss)


def product(loss, size=8, untraced=False):
    """The mixed product at fixed w, alpha and v."""
    network, random = loss.network, np.random.default_rng(3)
    w, alpha, v = (
        [tf.constant(0.2 * random.normal(size=x.shape), x.dtype) for x in variables]
        for variables in (network.weights_w, network.alphas, network.weights_w)
    )
    images = tf.constant(random.normal(size=(6, size, size, 3)), network.dtype)
    labels = tf.constant(random.integers(0, 3, 6))
    if untraced:
        objective = loss.untraced_on_batch(images, labels)
        relaxed = RelaxedObjective(objective, network.coefficients)
        compute = tf.function(relaxed.mixed_product, autograph=False)
    else:
        compute = loss.on_batch(images, labels).mixed_product
    return [x.numpy() for x in compute(w, alpha, v)]


PRIMITIVE_LISTS = {
    "pools": ("none", "max_pool_3x3", "avg_pool_3x3", "skip_connect"),
    "convolutions": ("sep_conv_3x3", "dil_conv_5x5", "skip_connect"),
    "own": ("conv_of_test_dual", "max_pool_3x3"),
}


@pytest.mark.parametrize("size", [8, pytest.param(9, marks=pytest.mark.long)])
@pytest.mark.parametrize("primitives", PRIMITIVE_LISTS.values(), ids=PRIMITIVE_LISTS)
def test_product_equals_nested_tapes(primitives, size):
    expected = product(network_loss("float64", primitives, size=size), size, True)
    for dtype, tolerance in (("float64", 1e-12), ("float32", 1e-4)):
        actual = product(network_loss(dtype, primitives, size=size), size)
        for a, e in zip(actual, expected, strict=True):
            assert np.max(np.abs(a - e)) <= tolerance * np.max(np.abs(e))


def test_product_repeats_its_bits():
    loss = network_loss("float32", PRIMITIVE_LISTS["convolutions"], num_nodes=4)
    first = product(loss)
    for _ in range(10):
        for a, b in zip(first, product(loss), strict=True):
            assert np.array_equal(a, b)
