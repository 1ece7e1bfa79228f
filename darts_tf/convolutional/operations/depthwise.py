"""Depthwise convolution with symmetric padding, and gradients that are right and fast.

Three properties of TensorFlow's CPU kernels decide the form of this module:

* The oneDNN gradient kernels of `DepthwiseConv2dNative` ignore its `dilations`
  attribute and return wrong numbers without a message. The operation itself is right,
  and the fastest there is. It stands alone in a function here, whose gradient is our
  own.
* Without oneDNN the operation fails where dilations are given. A graph for serving,
  which may run on any machine, does not contain it.
* The oneDNN filter gradient is about ten times slower for kernels that are five
  columns wide than for three. It is therefore put together from calls that are
  three wide.

`SAME` padding at stride 2 is not symmetric in TensorFlow, while the paper's is:
the input is padded explicitly.
"""

import functools

import tensorflow as tf

from darts_tf.autodiff import recomputed
from darts_tf.autodiff.dual import Dual, bilinear
from darts_tf.autodiff.named_gradients import is_for_inference, registered_gradient
from darts_tf.convolutional.operations.grouped import depthwise as grouped_depthwise
from darts_tf.convolutional.operations.grouped.images import are_grouped
from darts_tf.traced_device import traces_for_gpu

_STRIDE_1 = [1, 1, 1, 1]
_BY_CONSTANT = "DartsTfDepthwiseByConstant"


@bilinear
def depthwise_conv2d(
    x: tf.Tensor | Dual,
    kernel: tf.Tensor | Dual,
    stride: int = 1,
    dilation: int = 1,
    *,
    constant: bool = False,
) -> tf.Tensor | Dual:
    """Convolves each channel with its own filter, padding (k - 1) / 2 * dilation.

    Where a size is even, the padding has one pixel more below or at the right, as
    TensorFlow's `SAME`.

    Args:
        x: Tensor of shape `(batch, height, width, channels)`; height, width and
            channels are static. Or images of edges, see `grouped`.
        kernel: Tensor of shape `(rows, columns, channels, 1)`, of edges with them in
            front; rows and columns are odd where it is dilated.
        stride: Integer, 1 or 2.
        dilation: Integer, 1 or 2.
        constant: Whether no gradient for the kernel will be asked for.

    Returns:
        Tensor of shape `(batch, ceil(height / stride), ceil(width / stride),
        channels)`, or images of edges.
    """
    if are_grouped(x):
        return grouped_depthwise.depthwise_conv2d(x, kernel, stride, dilation, constant)
    if stride == dilation == 2:
        # Every tap of every window falls on an even row and column.
        x, stride, dilation = x[:, ::2, ::2], 1, 1
    if stride > 1:
        return _strided(x, kernel, stride, constant)
    if dilation == 1:
        return _plain(x, kernel, constant)
    if dilation == 2 and is_for_inference():
        if _suits_column_parity(x, kernel):
            return _by_column_parity(x, kernel)
    elif dilation == 2 and _dilates_natively(x):
        y = _dilated(x, kernel, constant)
        return recomputed.computable_again(y, _dilated, x, kernel, constant)
    return _by_space_to_batch(x, kernel, dilation, constant)


def _runs_onednn(x):
    return x.dtype == tf.float32 and not traces_for_gpu()


def _dilates_natively(x):
    # Eagerly, TensorFlow would warn of each new shape of a function's images.
    return _runs_onednn(x) and not tf.executing_eagerly() and _onednn_dilates()


def _plain(x, kernel, constant=False):
    """Stride 1, no dilation, where SAME is as symmetric as it can be."""
    wide = kernel.shape[1] == 5 and x.shape[2] % 2 == 0
    gradient = "DartsTfWideDepthwise" if wide and _runs_onednn(x) else None
    return _native(x, kernel, 1, "SAME", _BY_CONSTANT if constant else gradient)


def _strided(x, kernel, stride, constant):
    rows, columns = ([(size - 1) // 2, size // 2] for size in kernel.shape[:2])
    x = tf.pad(x, [[0, 0], rows, columns, [0, 0]])
    wide = kernel.shape[1] == 5 and _runs_onednn(x)
    gradient = "DartsTfStridedDepthwise" if wide else None
    return _native(x, kernel, stride, "VALID", _BY_CONSTANT if constant else gradient)


@tf.function(autograph=False)
def _dilated(x, kernel, constant):
    """Stride 1, dilation 2, by the native operation.

    A function, since a tape in the graph of this operation would take TensorFlow's
    gradient for it, which is wrong. That of a function heeds the one named here.
    """
    gradient = "DartsTfDilatedDepthwise" + ("ByConstant" if constant else "")
    with registered_gradient(gradient):
        return tf.raw_ops.DepthwiseConv2dNative(
            input=x,
            filter=kernel,
            strides=_STRIDE_1,
            padding="SAME",
            dilations=[1, 2, 2, 1],
        )


@functools.cache
def _onednn_dilates():
    """Whether oneDNN's operation is there; TensorFlow's own knows no dilations."""
    with tf.init_scope(), tf.device("CPU"):
        try:
            y = _dilated(tf.ones([1, 1, 3, 1]), tf.ones([1, 3, 1, 1]), True)
        except tf.errors.UnimplementedError:
            return False
        return y.numpy().ravel().tolist() == [2, 1, 2]


def _by_column_parity(x, kernel):
    """Dilation 2 as a convolution without dilation on a free reshape of x.

    Neighbours in the column parity view are two columns apart; the rows of the kernel
    are spread by rows of zeros instead.
    """
    rows, columns, channels, _ = kernel.shape
    spread = tf.reshape(
        tf.stack([kernel, tf.zeros_like(kernel)], axis=1),
        [2 * rows, columns, channels, 1],
    )[: 2 * rows - 1]
    y = _plain(_column_parity(x), tf.tile(spread, [1, 1, 2, 1]))
    return tf.reshape(y, [-1, *x.shape[1:]])


def _by_space_to_batch(x, kernel, dilation, constant=False):
    with registered_gradient(_BY_CONSTANT if constant else None):
        return tf.nn.depthwise_conv2d(
            x, kernel, _STRIDE_1, "SAME", dilations=[dilation, dilation]
        )


def _native(x, kernel, stride, padding, gradient):
    with registered_gradient(gradient):
        y = tf.raw_ops.DepthwiseConv2dNative(
            input=x, filter=kernel, strides=[1, stride, stride, 1], padding=padding
        )
    return recomputed.computable_again(y, _native, x, kernel, stride, padding, gradient)


def computed_again(x: tf.Tensor) -> tf.Tensor:
    """As `recomputed.computed_again`, for gradients that need such a convolution.

    On a GPU it stays x, since starting an operation costs more there than the memory.
    """
    return x if traces_for_gpu() else recomputed.computed_again(x)


@tf.RegisterGradient(_BY_CONSTANT)
def _input_gradient(op, gradient):
    # Only the shape of the input is used, so that the input need not be kept.
    shape = tf.shape(gradient)
    if gradient.shape[1:] != op.inputs[0].shape[1:]:
        shape = tf.stack([shape[0], *op.inputs[0].shape[1:]])
    x_gradient = tf.raw_ops.DepthwiseConv2dNativeBackpropInput(
        input_sizes=shape,
        filter=op.inputs[1],
        out_backprop=gradient,
        strides=op.get_attr("strides"),
        padding=op.get_attr("padding"),
    )
    return x_gradient, None


@tf.RegisterGradient("DartsTfWideDepthwise")
def _wide_gradient(op, gradient):
    x, kernel = op.inputs
    # At stride 1 the input gradient is the convolution with the kernel turned
    # by 180 degrees.
    return (
        _plain(gradient, tf.reverse(kernel, [0, 1])),
        _wide_filter_gradient(x, gradient, kernel.shape[0]),
    )


@tf.RegisterGradient("DartsTfDilatedDepthwise")
def _dilated_gradient(op, gradient):
    x, kernel = op.inputs
    return (
        _dilated(gradient, tf.reverse(kernel, [0, 1]), False),
        _dilated_filter_gradient(x, gradient, kernel),
    )


@tf.RegisterGradient("DartsTfDilatedDepthwiseByConstant")
def _dilated_input_gradient(op, gradient):
    return _dilated(gradient, tf.reverse(op.inputs[1], [0, 1]), True), None


def _dilated_filter_gradient(x, gradient, kernel):
    """Filter gradient at dilation 2.

    Neighbours in the column parity view are two columns apart, so that there it is a
    filter gradient without dilation, of which every second row is wanted.
    """
    rows, columns, channels, _ = kernel.shape
    if not _suits_column_parity(x, kernel):
        with tf.GradientTape() as tape:
            tape.watch(kernel)
            y = _by_space_to_batch(x, kernel, 2)
        return tape.gradient(y, kernel, gradient)
    filter_gradient = _filter_gradient if columns == 3 else _wide_filter_gradient
    of_view = filter_gradient(_column_parity(x), _column_parity(gradient), 2 * rows - 1)
    by_parity = tf.reshape(of_view[::2], [rows, columns, 2, channels, 1])
    return tf.reduce_sum(by_parity, axis=2)


def _suits_column_parity(x, kernel):
    width, columns = x.shape[2], kernel.shape[1]
    return width % 4 == 0 and (columns == 3 or (columns == 5 and width >= 16))


def _column_parity(x):
    """A free view in which neighbouring columns are two columns of `x` apart.

    Read as `(batch, height, width / 2, 2 * channels)`, x holds the parity of the
    column in its channels.
    """
    _, height, width, channels = x.shape
    return tf.reshape(x, [-1, height, width // 2, 2 * channels])


def _wide_filter_gradient(x, gradient, rows):
    """Filter gradient, five columns wide, from two that are three wide.

    The middle columns come from the plain call, the outer ones from the column
    parity view, where offsets -1, 0, 1 are columns -2, 0, 2.
    """
    middle = _filter_gradient(x, gradient, rows)
    outer = _filter_gradient(_column_parity(x), _column_parity(gradient), rows)
    outer = tf.reduce_sum(tf.reshape(outer, [rows, 3, 2, x.shape[-1], 1]), axis=2)
    return tf.concat([outer[:, :1], middle, outer[:, 2:]], axis=1)


def _filter_gradient(x, gradient, rows):
    lacking = max(0, rows - x.shape[1])
    if lacking:
        # oneDNN is ten times slower where the kernel is higher than the image.
        below = [[0, 0], [0, lacking], [0, 0], [0, 0]]
        x, gradient = tf.pad(x, below), tf.pad(gradient, below)
    return tf.raw_ops.DepthwiseConv2dNativeBackpropFilter(
        input=x,
        filter_sizes=[rows, 3, x.shape[-1], 1],
        out_backprop=gradient,
        strides=_STRIDE_1,
        padding="SAME",
    )


@tf.RegisterGradient("DartsTfStridedDepthwise")
def _strided_gradient(op, gradient):
    x, kernel = op.inputs
    strides = op.get_attr("strides")
    return (
        tf.raw_ops.DepthwiseConv2dNativeBackpropInput(
            input_sizes=tf.shape(x),
            filter=kernel,
            out_backprop=gradient,
            strides=strides,
            padding="VALID",
        ),
        # EXPLICIT padding of nothing is VALID in a kernel that is not oneDNN's,
        # and faster at this width.
        tf.raw_ops.DepthwiseConv2dNativeBackpropFilter(
            input=x,
            filter_sizes=kernel.shape.as_list(),
            out_backprop=gradient,
            strides=strides,
            padding="EXPLICIT",
            explicit_paddings=[0] * 8,
        ),
    )
