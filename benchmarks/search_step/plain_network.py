"""The search network in its plain form, the reference for every other.

One chain of operations for each primitive on each edge, nothing shared, in the
published code's names.
"""

from collections.abc import Callable
from typing import NamedTuple

import tensorflow as tf

from darts_tf.convolutional.primitives import DARTS_PRIMITIVES
from darts_tf.convolutional.skeleton import darts_skeleton
from darts_tf.space.topology import edge_index


class Operations(NamedTuple):
    """What the plain form is made of, besides 1x1 convolutions.

    Attributes:
        depthwise: Function of images, kernel, stride and dilation.
        max_pool: Function of images and stride, 3x3.
        average_pool: The same, over the pixels inside the image.
        normalize: Function of images: batch norm without scale and offset.
    """

    depthwise: Callable
    max_pool: Callable
    average_pool: Callable
    normalize: Callable


def plain_logits(
    weights, coefficients, images, num_cells, num_nodes=4, operations=None
):
    """Computes the logits, normalizing with the statistics of the batch.

    Args:
        weights: Dictionary of tensors under the golden files' names and layouts.
        coefficients: Those of the operations of normal and of reduction cells.
        images: Shape `(batch, height, width, channels)`.
        num_cells, num_nodes: Integers.
        operations: `Operations`; default is `WRITTEN_OUT`.
    """
    operations = operations or WRITTEN_OUT
    normal, reduce = coefficients
    state = _convolution(images, weights["stem.0.weight"], 1)
    state = (
        operations.normalize(state) * weights["stem.1.weight"] + weights["stem.1.bias"]
    )
    skeleton = darts_skeleton(num_cells, init_channels=state.shape[-1])
    inputs, states = skeleton.next_inputs(-1, {-1: state})
    for index, placed in enumerate(skeleton.cells):
        prefix = f"cells.{index}."
        cell = {
            name.removeprefix(prefix): value
            for name, value in weights.items()
            if name.startswith(prefix)
        }
        states[index] = output = _cell(
            cell,
            reduce if placed.kind == "reduce" else normal,
            inputs,
            placed.stride == 2,
            skeleton.reduces_first_input(index),
            num_nodes,
            operations,
        )
        inputs, states = skeleton.next_inputs(index, states)
    pooled = tf.reduce_mean(output, [1, 2])
    logits = tf.matmul(pooled, weights["classifier.weight"], transpose_b=True)
    return logits + weights["classifier.bias"]


def _cell(
    weights, coefficients, inputs, reduction, reduction_before, num_nodes, operations
):
    states = []
    for index, state in enumerate(inputs):
        state = tf.nn.relu(state)
        name = f"preprocess{index}"
        if reduction_before and index == 0:
            states.append(_factorized_reduction(state, weights, name, operations))
        else:
            state = _convolution(state, weights[f"{name}.op.1.weight"], 1)
            states.append(operations.normalize(state))
    for node in range(num_nodes):
        total = 0
        for source in range(node + 2):
            stride = 2 if reduction and source < 2 else 1
            edge = edge_index(node, source)
            for column, primitive in enumerate(DARTS_PRIMITIVES):
                y = plain_primitive(
                    primitive,
                    states[source],
                    weights,
                    f"_ops.{edge}._ops.{column}",
                    stride,
                    operations,
                )
                total += coefficients[edge, column] * y
        states.append(total)
    return tf.concat(states[2:], -1)


def plain_primitive(primitive, x, weights, name, stride, operations=None):
    """One primitive on `x`; its weights are those whose names begin with `name`."""
    operations = operations or WRITTEN_OUT
    if primitive == "none":
        return tf.zeros_like(x[:, ::stride, ::stride])
    if primitive == "max_pool_3x3":
        return operations.normalize(operations.max_pool(x, stride))
    if primitive == "avg_pool_3x3":
        return operations.normalize(operations.average_pool(x, stride))
    if primitive == "skip_connect":
        if stride == 1:
            return x
        return _factorized_reduction(tf.nn.relu(x), weights, name, operations)

    def unit(x, depthwise, pointwise, stride, dilation):
        kernel = tf.transpose(weights[f"{name}.{depthwise}.weight"], [2, 3, 0, 1])
        x = operations.depthwise(tf.nn.relu(x), kernel, stride, dilation)
        x = _convolution(x, weights[f"{name}.{pointwise}.weight"], 1)
        return operations.normalize(x)

    if primitive.startswith("sep_conv"):
        x = unit(x, "op.1", "op.2", stride, 1)
        return unit(x, "op.5", "op.6", 1, 1)
    return unit(x, "op.1", "op.2", stride, 2)


def plain_depthwise(x, kernel, stride, dilation):
    """Depthwise convolution as a sum of shifted images; kernel as TensorFlow's."""
    rows, columns = kernel.shape[:2]
    _, height, width, _ = x.shape
    top, left = ((size - 1) // 2 * dilation for size in (rows, columns))
    x = tf.pad(x, [[0, 0], [top, top], [left, left], [0, 0]])
    offsets = [
        (i * dilation, j * dilation) for i in range(rows) for j in range(columns)
    ]
    taps = tf.unstack(tf.reshape(kernel, [rows * columns, -1]))
    return tf.add_n(
        [
            x[:, i : i + height : stride, j : j + width : stride] * tap
            for (i, j), tap in zip(offsets, taps, strict=True)
        ]
    )


def _convolution(x, kernel, stride):
    return tf.nn.conv2d(x, tf.transpose(kernel, [2, 3, 1, 0]), stride, "SAME")


def _factorized_reduction(x, weights, name, operations):
    height, width = x.shape[1:3]
    x = tf.pad(x, [[0, 0], [0, height % 2], [0, width % 2], [0, 0]])
    halves = [
        _convolution(shifted[:, ::2, ::2], weights[f"{name}.{conv}.weight"], 1)
        for conv, shifted in (("conv_1", x), ("conv_2", x[:, 1:, 1:]))
    ]
    return operations.normalize(tf.concat(halves, -1))


def _max_pool(x, stride):
    return _pool(x, tf.reduce_max, x.dtype.min, stride)


def _average_pool(x, stride):
    total = _pool(x, tf.reduce_sum, 0.0, stride)
    return total / _pool(tf.ones_like(x), tf.reduce_sum, 0.0, stride)


def _pool(x, reduce, padding, stride):
    _, height, width, _ = x.shape
    padded = tf.pad(x, _AROUND, constant_values=padding)
    shifted = [
        padded[:, i : i + height, j : j + width] for i in range(3) for j in range(3)
    ]
    return reduce(tf.stack(shifted), 0)[:, ::stride, ::stride]


_AROUND = [[0, 0], [1, 1], [1, 1], [0, 0]]


def _normalize(x):
    mean, variance = tf.nn.moments(x, [0, 1, 2])
    return (x - mean) * tf.math.rsqrt(variance + 1e-5)


# By shifted images and moments, in any dtype: what the tests compare with.
WRITTEN_OUT = Operations(plain_depthwise, _max_pool, _average_pool, _normalize)


def _library_depthwise(x, kernel, stride, dilation):
    padding = "SAME"
    if stride == dilation == 2:
        # Every tap falls on an even position.
        x, stride, dilation = x[:, ::2, ::2], 1, 1
    elif stride > 1:
        rows, columns = (2 * [(size - 1) // 2] for size in kernel.shape[:2])
        x, padding = tf.pad(x, [[0, 0], rows, columns, [0, 0]]), "VALID"
    strides = [1, stride, stride, 1]
    return tf.nn.depthwise_conv2d(
        x, kernel, strides, padding, dilations=[dilation, dilation]
    )


def _library_max_pool(x, stride):
    # With padding of its own the pooling cannot be differentiated twice.
    x = tf.pad(x, _AROUND, constant_values=x.dtype.min)
    return tf.nn.max_pool2d(x, 3, stride, "VALID")


def _library_average_pool(x, stride):
    mean, inside = (
        tf.nn.avg_pool2d(tf.pad(y, _AROUND), 3, stride, "VALID")
        for y in (x, tf.ones([1, *x.shape[1:3], 1], x.dtype))
    )
    return mean / inside


def _library_normalize(x):
    channels = x.shape[-1]
    y, _, _ = tf.compat.v1.nn.fused_batch_norm(
        x, tf.ones([channels]), tf.zeros([channels]), epsilon=1e-5
    )
    return y


# TensorFlow's own kernels, in float32: what one would write first, to be measured.
LIBRARY = Operations(
    _library_depthwise, _library_max_pool, _library_average_pool, _library_normalize
)
