"""Images of edges: how they come from a state, and are joined and taken apart."""

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from darts_tf.autodiff import dual
from darts_tf.autodiff.custom_gradients import custom_gradient
from darts_tf.autodiff.dual import Dual, linear
from darts_tf.tensorflow_private import is_compiled_by_xla, sums_by_one_kernel

RANK = 5
# The axes of the pixels that share a channel.
PIXELS = (2, 3, 4)


def are_grouped(x: Any) -> bool:
    """Whether a tensor, or `Dual`, holds images of edges rather than one of a state."""
    return x.shape.rank == RANK


# These two are for outside of what XLA compiles. A transposition within would leave it
# the choice of a layout, and it turns what each tap of each window sees, writes all of
# them, and adds the sums of a gradient along columns, for which a GPU has no room.
@linear
def of_state(x: tf.Tensor | Dual) -> tf.Tensor | Dual:
    """Turns a state, `(batch, height, width, channels)`, to images of one edge."""
    return tf.expand_dims(tf.transpose(x, [3, 0, 1, 2]), 0)


@linear
def to_outputs(x: tf.Tensor | Dual) -> list:
    """Lists the image of each edge, of shape `(batch, height, width, channels)`."""
    return tf.unstack(tf.transpose(x, [0, 2, 3, 4, 1]))


def joined(parts: Sequence[tf.Tensor | Dual]) -> tf.Tensor | Dual:
    """Joins images, kernels or coefficients of edges; some may be `Dual`."""
    return parts[0] if len(parts) == 1 else _joined(dual.all_or_none(parts))


@linear
def _joined(parts):
    sizes = [x.shape[0] for x in parts]
    return with_transpose(
        lambda *parts: tf.concat(parts, 0),
        lambda gradient: tf.split(gradient, sizes),
        *parts,
    )


@linear
def parted(x: tf.Tensor | Dual, sizes: Sequence[int]) -> list:
    """Takes images of edges apart again, see `joined`."""
    if len(sizes) == 1:
        return [x]
    return with_transpose(
        lambda x: tf.split(x, sizes), lambda *gradients: tf.concat(gradients, 0), x
    )


def channels_joined(
    first: tf.Tensor | Dual, second: tf.Tensor | Dual
) -> tf.Tensor | Dual:
    """Joins the channels of two images of the same edges."""
    return _channels_joined(dual.all_or_none([first, second]))


@linear
def _channels_joined(parts):
    sizes = [x.shape[1] for x in parts]
    return with_transpose(
        lambda *parts: tf.concat(parts, 1),
        lambda gradient: tf.split(gradient, sizes, axis=1),
        *parts,
    )


def pixel_sums(terms: Sequence[tf.Tensor]) -> list[tf.Tensor]:
    """Sums images of one shape over the pixels, each to shape `(edges, channels)`."""
    if len(terms) > 1 and is_compiled_by_xla():
        return sums_by_one_kernel(terms, PIXELS)
    axes = tf.constant(PIXELS)
    return [tf.reduce_sum(x, axes) for x in terms]


def with_transpose(
    function: Callable, transpose: Callable, *tensors: tf.Tensor
) -> tf.Tensor | list[tf.Tensor]:
    """Calls a linear function whose gradient is a given one.

    TensorFlow's own would keep the tensors, for the sake of their shapes.

    Args:
        function: Function of tensors that returns a tensor or several.
        transpose: Function of gradients in the results that returns those in the
            tensors.
        *tensors: The tensors.
    """

    @custom_gradient
    def call(*tensors):
        return function(*tensors), transpose

    return call(*tensors)
