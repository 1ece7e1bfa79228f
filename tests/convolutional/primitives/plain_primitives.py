"""The primitives in their plain form: shifted images, sums and moments.

Kernels have the names that the primitives give them: the same arrays serve both.
"""

import tensorflow as tf

WINDOWS = {
    "conv_1x3_3x1": ((1, 3), (3, 1)),
    "conv_1x7_7x1": ((1, 7), (7, 1)),
    "conv_7x1_1x7": ((1, 7), (7, 1)),
    "bottleneck_3x3": ((3, 3),),
    "bottleneck_1x3_3x1": ((1, 3), (3, 1)),
    "bottleneck_1x7_7x1": ((1, 7), (7, 1)),
}


def plain_primitive(name, x, kernels, stride, scale):
    """One primitive on an image, times the scale."""
    last = name.rsplit("_", 1)[-1]
    if name == "skip_connect" and stride == 2:
        return scale * _normalized(_reduced(tf.nn.relu(x), kernels))
    if name in ("identity", "skip_connect"):
        return scale * _identity(x, kernels, stride)
    if "pool" in name:
        pooled = _pool(x, int(last[0]), stride, name.startswith("max"))
        return scale * _normalized(_projected(pooled, kernels))
    if last == "relu":
        return scale * tf.nn.relu(_normalized(_activated(name, x, kernels, stride)))
    if name.startswith("dep_conv"):
        y = _depthwise(tf.nn.relu(x), kernels["depthwise"], stride)
        return scale * _normalized(_projected(y, kernels))
    if last == "once":
        return scale * _normalized(_separable(tf.nn.relu(x), kernels, "", stride))
    if "sep_conv" in name:
        dilation = 2 if name.startswith("dil") else 1
        y = _separable(tf.nn.relu(x), kernels, "_1", stride, dilation)
        y = tf.nn.relu(_normalized(y))
        return scale * _normalized(_separable(y, kernels, "_2", 1, dilation))
    if name.startswith("dil_conv"):
        return scale * _normalized(_separable(tf.nn.relu(x), kernels, "", stride, 2))
    if name.startswith("bottleneck"):
        return scale * _bottleneck(WINDOWS[name], x, kernels, stride)
    if name in WINDOWS:
        y = _convolution(tf.nn.relu(x), kernels["row"], (1, stride))
        return scale * _normalized(_convolution(y, kernels["column"], (stride, 1)))
    kernel = kernels["kernel"]
    kernel = kernel if kernel.shape.rank == 4 else kernel[None, None]
    return scale * _normalized(_convolution(tf.nn.relu(x), kernel, (stride, stride)))


def _identity(x, kernels, stride):
    if "projection" not in kernels:
        return x
    return _normalized(_projected(tf.nn.relu(x)[:, ::stride, ::stride], kernels))


def _reduced(x, kernels):
    even, odd = x[:, ::2, ::2], x[:, 1::2, 1::2]
    rows, columns = (a - b for a, b in zip(even.shape[1:3], odd.shape[1:3]))
    odd = tf.pad(odd, [[0, 0], [0, rows], [0, columns], [0, 0]])
    halves = (
        tf.tensordot(even, kernels["even"], 1),
        tf.tensordot(odd, kernels["odd"], 1),
    )
    return tf.concat(halves, -1)


def _activated(name, x, kernels, stride):
    if name.startswith("conv_1x1"):
        return tf.tensordot(x[:, ::stride, ::stride], kernels["kernel"], 1)
    if name.startswith("sep_conv"):
        return _separable(x, kernels, "", stride)
    return _projected(_depthwise(x, kernels["depthwise"], stride), kernels)


def _bottleneck(windows, x, kernels, stride):
    y = _normalized(tf.tensordot(tf.nn.relu(x), kernels["narrow"], 1))
    for index, (rows, columns) in enumerate(windows, start=1):
        strides = (stride if rows > 1 else 1, stride if columns > 1 else 1)
        y = _convolution(tf.nn.relu(y), kernels[f"convolution_{index}"], strides)
        y = _normalized(y)
    return _normalized(tf.tensordot(tf.nn.relu(y), kernels["widen"], 1))


def _projected(x, kernels):
    return tf.tensordot(x, kernels["projection"], 1) if "projection" in kernels else x


def _separable(x, kernels, unit, stride, dilation=1):
    y = _depthwise(x, kernels[f"depthwise{unit}"], stride, dilation)
    return tf.tensordot(y, kernels[f"pointwise{unit}"], 1)


def _convolution(x, kernel, strides):
    windows = _windows(x, kernel.shape[:2], strides)
    taps = tf.unstack(tf.reshape(kernel, [-1, *kernel.shape[2:]]))
    return tf.add_n([tf.tensordot(w, tap, 1) for w, tap in zip(windows, taps)])


def _depthwise(x, kernel, stride, dilation=1):
    windows = _windows(x, kernel.shape[:2], (stride, stride), dilation)
    taps = tf.unstack(tf.reshape(kernel, [-1, kernel.shape[2]]))
    return tf.add_n([window * tap for window, tap in zip(windows, taps)])


def _pool(x, size, stride, is_max):
    arguments = ((size, size), (stride, stride))
    if is_max:
        return tf.reduce_max(_windows(x, *arguments, fill=x.dtype.min), 0)
    counts = tf.add_n(_windows(tf.ones_like(x), *arguments))
    return tf.add_n(_windows(x, *arguments)) / counts


def _windows(x, sizes, strides, dilation=1, fill=0):
    """The image under each place of a window that goes over it."""
    _, height, width, _ = x.shape
    along = [
        [(size - 1) // 2 * dilation, size // 2 * dilation + 1 - size % 2]
        for size in sizes
    ]
    x = tf.pad(x, [[0, 0], *along, [0, 0]], constant_values=fill)
    return [
        x[
            :,
            i * dilation : i * dilation + height : strides[0],
            j * dilation : j * dilation + width : strides[1],
        ]
        for i in range(sizes[0])
        for j in range(sizes[1])
    ]


def _normalized(x):
    # Not `tf.nn.moments`, whose second derivative is wrong.
    mean = tf.reduce_mean(x, [0, 1, 2])
    variance = tf.reduce_mean((x - mean) ** 2, [0, 1, 2])
    return (x - mean) * tf.math.rsqrt(variance + 1e-5)
