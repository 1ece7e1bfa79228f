"""The search network in its plain form: one chain of operations for each primitive
on each edge, nothing shared, in the published code's names. The reference."""

import tensorflow as tf

from darts_tf.convolutional.primitives import DARTS_PRIMITIVES
from darts_tf.derivation import edge_index


def plain_logits(weights, alphas, images, num_cells, num_nodes=4):
    """Computes the logits, normalizing with the statistics of the batch.

    Args:
        weights: Dictionary of tensors under the golden files' names and layouts.
        alphas: The matrices of normal and of reduction cells.
        images: Shape `(batch, height, width, channels)`.
    """
    normal, reduce = (tf.nn.softmax(alpha) for alpha in alphas)
    state = _convolution(images, weights["stem.0.weight"], 1)
    state = _normalize(state) * weights["stem.1.weight"] + weights["stem.1.bias"]
    states, reduction_before = [state, state], False
    for index in range(num_cells):
        reduction = index in (num_cells // 3, 2 * num_cells // 3)
        prefix = f"cells.{index}."
        cell = {
            name.removeprefix(prefix): value
            for name, value in weights.items()
            if name.startswith(prefix)
        }
        coefficients = reduce if reduction else normal
        output = _cell(
            cell, coefficients, states, reduction, reduction_before, num_nodes
        )
        states, reduction_before = [states[1], output], reduction
    pooled = tf.reduce_mean(states[1], [1, 2])
    logits = tf.matmul(pooled, weights["classifier.weight"], transpose_b=True)
    return logits + weights["classifier.bias"]


def _cell(weights, coefficients, inputs, reduction, reduction_before, num_nodes):
    states = []
    for index, state in enumerate(inputs):
        state = tf.nn.relu(state)
        name = f"preprocess{index}"
        if reduction_before and index == 0:
            states.append(_factorized_reduction(state, weights, name))
        else:
            states.append(
                _normalize(_convolution(state, weights[f"{name}.op.1.weight"], 1))
            )
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
                )
                total += coefficients[edge, column] * y
        states.append(total)
    return tf.concat(states[2:], -1)


def plain_primitive(primitive, x, weights, name, stride):
    """One primitive on `x`; its weights are those whose names begin with `name`."""
    size = int(primitive[-1]) if primitive[-1].isdigit() else None
    if primitive == "none":
        return tf.zeros_like(x[:, ::stride, ::stride])
    if primitive == "max_pool_3x3":
        return _normalize(_pool(x, tf.reduce_max, x.dtype.min, stride))
    if primitive == "avg_pool_3x3":
        total = _pool(x, tf.reduce_sum, 0.0, stride)
        count = _pool(tf.ones_like(x), tf.reduce_sum, 0.0, stride)
        return _normalize(total / count)
    if primitive == "skip_connect":
        if stride == 1:
            return x
        return _factorized_reduction(tf.nn.relu(x), weights, name)
    if primitive.startswith("sep_conv"):
        x = _unit(x, weights, f"{name}.op.1", f"{name}.op.2", size, stride, 1)
        return _unit(x, weights, f"{name}.op.5", f"{name}.op.6", size, 1, 1)
    return _unit(x, weights, f"{name}.op.1", f"{name}.op.2", size, stride, 2)


def _unit(x, weights, depthwise, pointwise, size, stride, dilation):
    x = plain_depthwise(
        tf.nn.relu(x),
        tf.transpose(weights[f"{depthwise}.weight"], [2, 3, 0, 1]),
        stride,
        dilation,
    )
    return _normalize(_convolution(x, weights[f"{pointwise}.weight"], 1))


def plain_depthwise(x, kernel, stride, dilation):
    """Depthwise convolution as a sum of shifted images; kernel as TensorFlow's."""
    rows, columns = kernel.shape[:2]
    _, height, width, _ = x.shape
    top, left = ((size - 1) // 2 * dilation for size in (rows, columns))
    x = tf.pad(x, [[0, 0], [top, top], [left, left], [0, 0]])
    y = 0
    for i in range(rows):
        for j in range(columns):
            shifted = x[:, i * dilation :, j * dilation :][:, :height, :width]
            y += shifted[:, ::stride, ::stride] * kernel[i, j, :, 0]
    return y


def _convolution(x, kernel, stride):
    return tf.nn.conv2d(x, tf.transpose(kernel, [2, 3, 1, 0]), stride, "SAME")


def _factorized_reduction(x, weights, name):
    height, width = x.shape[1:3]
    x = tf.pad(x, [[0, 0], [0, height % 2], [0, width % 2], [0, 0]])
    halves = [
        _convolution(shifted[:, ::2, ::2], weights[f"{name}.{conv}.weight"], 1)
        for conv, shifted in (("conv_1", x), ("conv_2", x[:, 1:, 1:]))
    ]
    return _normalize(tf.concat(halves, -1))


def _pool(x, reduce, padding, stride):
    _, height, width, _ = x.shape
    padded = tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]], constant_values=padding)
    shifted = [
        padded[:, i : i + height, j : j + width] for i in range(3) for j in range(3)
    ]
    return reduce(tf.stack(shifted), 0)[:, ::stride, ::stride]


def _normalize(x):
    mean, variance = tf.nn.moments(x, [0, 1, 2])
    return (x - mean) * tf.math.rsqrt(variance + 1e-5)
