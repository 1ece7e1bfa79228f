"""Each primitive against its plain float64 form, and what a mixed operation adds."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from benchmarks.golden_names import KERNEL_NAMES
from benchmarks.search_step.graph_costs import TracedGraph
from benchmarks.search_step.plain_network import plain_primitive
from darts_tf.convolutional import Kernel, MixedOp, Primitive, register_primitive
from darts_tf.convolutional.operations.batch_normalization import BatchNormalization
from darts_tf.convolutional.preprocess import Preprocess
from darts_tf.convolutional.primitives import DARTS_PRIMITIVES, get_primitive
from darts_tf.traced_device import supposed_gpu

LAYOUTS = {2: [1, 0], 4: [2, 3, 0, 1]}


def make_mixed_op(
    primitives, shape, num_targets=1, stride=1, recompute=False, dtype="float32"
):
    keras.utils.set_random_seed(0)
    mixed_op = MixedOp(primitives, num_targets, stride, recompute, dtype=dtype)
    mixed_op.build((None, *shape))
    return mixed_op


def make_state(shape, dtype="float32"):
    values = np.random.default_rng(0).normal(size=(4, *shape)).astype("float32")
    return tf.constant(values, dtype)


def published(named):
    """Kernels of an edge under the names and in the layout of the plain form."""
    weights = {}
    for (primitive, kernel), value in named.items():
        value = value.astype("float64").transpose(LAYOUTS[value.ndim])
        value = value[:, :, None, None] if value.ndim == 2 else value
        weights[f"{primitive}.{KERNEL_NAMES[kernel]}.weight"] = tf.constant(value)
    return weights


@pytest.mark.parametrize("dtype, tolerance", [("float32", 2e-5), ("float64", 1e-12)])
@pytest.mark.parametrize("shape", [(8, 8, 4), (7, 10, 6)])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("primitive", [*DARTS_PRIMITIVES, "sep_conv_7x7"])
def test_primitive_against_plain_form(primitive, stride, shape, dtype, tolerance):
    """Value and gradients; float32 and float64 take different kernels."""
    primitives = [primitive] if primitive != "none" else ["none", "skip_connect"]
    mixed_op = make_mixed_op(primitives, shape, stride=stride, dtype=dtype)
    coefficients = tf.constant([[0.7, 0.0][: len(primitives)]], dtype)
    state = make_state(shape, dtype)
    with tf.GradientTape() as tape:
        tape.watch([state, coefficients])
        (y,) = mixed_op(state, coefficients, training=True)
        loss = tf.reduce_sum(y**3)
    watched = [state, coefficients, mixed_op.kernels.value]
    gradients = tape.gradient(loss, watched, unconnected_gradients="zero")

    weights = published(mixed_op.named_kernels()[0])
    plain_state = tf.cast(state, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch([plain_state, weights])
        plain_y = 0.7 * plain_primitive(
            primitive, plain_state, weights, primitive, stride
        )
        plain_loss = tf.reduce_sum(plain_y**3)
    plain = tape.gradient(
        plain_loss, [plain_state, weights], unconnected_gradients="zero"
    )

    def check(got, wanted):
        scale = max(np.abs(wanted).max(), 1e-3)
        assert np.abs(np.asarray(got) - np.asarray(wanted)).max() <= tolerance * scale

    check(y, plain_y)
    check(gradients[0], plain[0])
    if primitive != "none":
        # The loss is of third degree in the coefficient, and a sum that cancels:
        # its rounding is that of its terms.
        error = gradients[1][0, 0].numpy() - 3 * plain_loss.numpy() / 0.7
        terms = np.abs(plain_y.numpy() ** 3).sum() * 3 / 0.7
        assert abs(error) <= tolerance * terms
    named = published(mixed_op.named_kernels(gradients[2].numpy())[0])
    scale = max([np.abs(g).max() for g in plain[1].values()], default=0)
    for name, gradient in plain[1].items():
        assert np.abs(named[name] - gradient).max() <= tolerance * scale, name


@pytest.mark.parametrize("stride", [1, 2])
def test_edges_are_independent_weighted_sums(stride):
    shape, random = (8, 8, 4), np.random.default_rng(1)
    mixed_op = make_mixed_op(DARTS_PRIMITIVES, shape, num_targets=3, stride=stride)
    coefficients = tf.constant(random.uniform(size=(3, 8)), tf.float32)
    outputs = mixed_op(make_state(shape), coefficients, training=True)
    assert [y.shape for y in outputs] == mixed_op.compute_output_shape((4, *shape))
    state = tf.cast(make_state(shape), tf.float64)
    for edge, row, y in zip(
        mixed_op.named_kernels(), coefficients, outputs, strict=True
    ):
        weights = published(edge)
        expected = sum(
            float(value) * plain_primitive(name, state, weights, name, stride)
            for name, value in zip(DARTS_PRIMITIVES, row, strict=True)
        )
        np.testing.assert_allclose(y, expected, atol=1e-4)


def test_kernels_by_name_round_trip():
    mixed_op = make_mixed_op(DARTS_PRIMITIVES, (8, 8, 4), num_targets=2)
    before = mixed_op.kernels.numpy()
    named = [dict(edge) for edge in mixed_op.named_kernels()]
    assert named[0]["sep_conv_5x5", "depthwise_2"].shape == (5, 5, 4, 1)
    mixed_op.kernels.assign(np.zeros_like(before))
    mixed_op.assign_kernels(named)
    np.testing.assert_array_equal(mixed_op.kernels, before)
    named[1].popitem()
    with pytest.raises(ValueError, match="expected exactly"):
        mixed_op.assign_kernels(named)


def test_initial_kernels_lie_within_their_bounds():
    mixed_op = make_mixed_op(["sep_conv_3x3"], (8, 8, 64), num_targets=4)
    for edge in mixed_op.named_kernels():
        for (_, name), value in edge.items():
            bound = 1 / (3 if name.startswith("depthwise") else 8)
            assert 0.95 * bound < np.abs(value).max() <= bound
    different = mixed_op.kernels.numpy()
    assert not np.array_equal(different[0], different[1])


class _Convolution(Primitive):
    """A primitive as a user would add it, without normalization."""

    def views(self, stride):
        return ("relu",)

    def kernels(self, channels, stride):
        return (Kernel("kernel", (3, 3, channels, channels), fan_in=9 * channels),)

    def __call__(self, views, kernels, normalize, stride, scale):
        return scale * tf.nn.conv2d(views["relu"], kernels["kernel"], stride, "SAME")


def test_a_primitive_of_the_users_own():
    register_primitive("conv_of_test_mixed_op", _Convolution())
    mixed_op = make_mixed_op(["none", "conv_of_test_mixed_op"], (8, 8, 4))
    state = make_state((8, 8, 4))
    for training in (False, True):
        (y,) = mixed_op(state, tf.constant([[0.5, 0.5]]), training=training)
        kernel = mixed_op.named_kernels()[0]["conv_of_test_mixed_op", "kernel"]
        expected = tf.nn.conv2d(tf.nn.relu(state), kernel, 1, "SAME") / 2
        np.testing.assert_allclose(y, expected, rtol=1e-5, atol=1e-6)
    with pytest.raises(ValueError, match="not registered yet"):
        register_primitive("conv_of_test_mixed_op", _Convolution())


@pytest.mark.parametrize("name, primitive", [("Conv", _Convolution()), ("conv", tf)])
def test_invalid_registrations(name, primitive):
    with pytest.raises(ValueError, match="Received an invalid value"):
        register_primitive(name, primitive)


def test_unknown_primitive_lists_the_known():
    with pytest.raises(ValueError, match="sep_conv_3x3"):
        get_primitive("sep_conv_4x4")


@pytest.mark.parametrize(
    "layer",
    [
        MixedOp(DARTS_PRIMITIVES, 2, 2),
        Preprocess(8, reduction=True, affine=True),
        BatchNormalization(affine=False),
    ],
)
def test_layer_from_config(layer):
    config = keras.saving.serialize_keras_object(layer)
    copy = keras.saving.deserialize_keras_object(config)
    assert copy.get_config() == layer.get_config()


def test_moving_statistics_are_unbiased():
    layer = BatchNormalization()
    x = make_state((2, 1, 3))
    layer(x, training=True)
    mean, variance = layer.moving_moments.numpy()
    flat = x.numpy().reshape(-1, 3)
    np.testing.assert_allclose(mean, 0.1 * flat.mean(0), rtol=1e-5)
    np.testing.assert_allclose(variance, 0.9 + 0.1 * flat.var(0, ddof=1), rtol=1e-5)
    expected = (flat - mean) / np.sqrt(variance + 1e-5)
    np.testing.assert_allclose(layer(x).numpy().reshape(-1, 3), expected, rtol=1e-4)


def gradient_graph(stride=1, recompute=False):
    """The graph of an edge's gradients in its state, coefficients and kernels."""
    mixed_op = make_mixed_op(DARTS_PRIMITIVES, (16, 16, 4), 1, stride, recompute)

    @tf.function(autograph=False)
    def gradients(state, coefficients):
        with tf.GradientTape() as tape:
            tape.watch([state, coefficients])
            (y,) = mixed_op(state, coefficients, training=True)
        return tape.gradient(y, [state, coefficients, mixed_op.kernels.value])

    coefficients = tf.ones([1, len(DARTS_PRIMITIVES)]) / len(DARTS_PRIMITIVES)
    state = make_state((16, 16, 4))
    return gradients.get_concrete_function(state, coefficients).graph


@pytest.mark.parametrize("stride", [1, 2])
def test_no_depthwise_result_is_kept(stride):
    """The backward function of an edge computes them again: a third of the memory."""
    (forward,) = (
        function
        for function in gradient_graph(stride).as_graph_def().library.function
        if function.signature.name.startswith("__forward_edge")
    )
    nodes = {node.name: node for node in forward.node_def}
    kept = set()
    for output in forward.ret.values():
        name, *index = output.split(":")
        while name in nodes and nodes[name].op == "Reshape":
            name, *index = nodes[name].input[0].split(":")
        # What else a call returns are its arguments.
        if name in nodes and index[-1] == "0":
            kept.add(nodes[name].op)
    assert "MatMul" in kept
    assert not kept & {"DepthwiseConv2dNative", "PartitionedCall"}


@pytest.mark.parametrize("stride", [1, 2])
def test_only_normalizations_that_are_read_are_computed_again(stride):
    kept, recomputed = (
        TracedGraph(gradient_graph(stride, recompute)).costs.operations
        for recompute in (False, True)
    )
    # The first of each separable convolution is, and so are both pools, by the gradient
    # in the coefficients. What is the end of an edge is not.
    assert recomputed["FusedBatchNormV3"] == kept["FusedBatchNormV3"] + 4
    assert recomputed["FusedBatchNormGradV3"] == kept["FusedBatchNormGradV3"]
    assert recomputed["MatMul"] > kept["MatMul"]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_functions_hand_back_no_signed_integers(dtype):
    """A GPU would fetch them from the host, and wait for that."""
    mixed_op = make_mixed_op(DARTS_PRIMITIVES, (8, 8, 4), 2, dtype=dtype)
    call = tf.function(mixed_op, autograph=False)
    specification = tf.TensorSpec((4, 8, 8, 4), dtype), tf.TensorSpec((2, 8), dtype)
    graph = call.get_concrete_function(*specification, training=True).graph
    results = {
        tf.dtypes.as_dtype(result.type).name
        for function in graph.as_graph_def().library.function
        for result in function.signature.output_arg
    }
    assert results == {dtype, dtype.replace("float", "uint")}


def test_coefficients_are_spread_over_the_channels_once():
    """Not by each normalization, nor those of primitives without kernels."""
    operations = TracedGraph(gradient_graph()).costs.operations
    assert operations["BroadcastTo"] == 1
    # Ones for the gradient of the sum that this is.
    assert operations["Fill"] == 1
    assert not {"ZerosLike", "GatherV2"} & set(operations)


def test_a_gpu_computes_no_convolution_again():
    with supposed_gpu():
        operations = TracedGraph(gradient_graph()).costs.operations
    assert operations["DepthwiseConv2dNative"] == 6
