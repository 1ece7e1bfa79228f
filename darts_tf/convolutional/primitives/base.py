"""The base class of primitives, the candidate operations of an edge."""

from collections.abc import Iterable

import tensorflow as tf

from darts_tf.autodiff.dual import Dual
from darts_tf.convolutional.operations import elementwise, pointwise, pooling
from darts_tf.convolutional.operations.elementwise import Views
from darts_tf.convolutional.packing import Kernel

# The view that primitives which draw random numbers get beside those that they name.
NOISE = "noise"


class Primitive:
    """An operation from one state of a cell to another.

    Attributes:
        is_zero: Whether the result is zero everywhere, so that it need not be
            computed.
        takes_duals: Whether the call works on `Dual` as well, which is so if it is
            made of functions that do (`operations`, `depthwise_conv2d`,
            `normalize`). Otherwise the exact second order goes through TensorFlow's
            forward accumulator, which is slower.
        takes_groups: Whether the call also works on the images of all edges from a
            state at once, see `operations.grouped`. That is so if `takes_duals` is, and
            the call is made of `depthwise_conv2d`, `pools`, `relu`, `scaled`,
            `normalize`, and of `pointwise` right before a `normalize`. The form for
            GPUs computes others edge by edge.
        draws: Whether it draws random numbers. It then gets the view `"noise"` beside
            those that it names, standard normal values in the shape of its result,
            other ones on each edge.
        normalized_when_derived: Whether a derived network, too, has the batch
            normalizations that the search network has.
    """

    is_zero = False
    takes_duals = False
    takes_groups = False
    draws = False
    normalized_when_derived = True

    def views(self, stride: int) -> tuple[str, ...]:
        """Returns the names of what the operation reads, see `source_views`."""
        return ("input",)

    def kernels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[Kernel, ...]:
        """Returns a tuple of `Kernel`, empty by default.

        Without any, all edges from one state share one result, computed once.

        Args:
            channels: Number of channels of the result.
            stride: 1 or 2.
            inputs: Number of channels of the input, where it is another one: in a
                derived network with the skeleton of NASNet. A primitive that is never
                used there need not take it.
        """
        return ()

    def normalized_channels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[int, ...]:
        """Returns the channels of each tensor given to `normalize`, in call order.

        Args:
            channels, stride, inputs: See `kernels`.
        """
        return ()

    def __call__(self, views, kernels, normalize, stride, scale):
        """Computes the operation times `scale`.

        Args:
            views: Dictionary of tensors by name, those that `views()` names.
            kernels: Dictionary of tensors by name, in the shapes of `kernels()`.
            normalize: Batch normalization, called as `normalize(x, scale)`, or with
                `relu=True` for the positive part of that.
            stride: Integer, 1 or 2.
            scale: Tensor of shape `(channels,)`, for each channel the coefficient in
                a mixed operation, or `None` for 1. As the scale of the last
                normalization it costs nothing.

        Returns:
            Tensor of shape `(batch, ceil(height / stride), ceil(width / stride),
            channels)`.
        """
        raise NotImplementedError


def projection(channels: int, inputs: int | None) -> tuple[Kernel, ...]:
    """The kernel of a 1x1 convolution between different numbers of channels.

    Those primitives have it that have none otherwise; its name is `"projection"`.

    Args:
        channels, inputs: See `Primitive.kernels`.

    Returns:
        A tuple of it, empty where the numbers do not differ.
    """
    if inputs in (None, channels):
        return ()
    return (Kernel("projection", (inputs, channels), inputs),)


# Views that are maxima, and the sizes of their windows.
_MAXIMA = {"max_pool": 3} | {f"max_pool_{k}x{k}": k for k in (2, 5, 7)}
_VIEWS = {"input", "relu", "relu_even", "relu_odd", *_MAXIMA}


def source_views(x: tf.Tensor | Dual, names: Iterable[str], stride: int) -> Views:
    """Computes what primitives read from a state `x`, each once.

    `input` is x itself, `relu` its positive part, `relu_even` and `relu_odd` the
    positive part at every second pixel, see `operations.phases`, `max_pool` the
    maximum of 3x3 windows around every `stride`-th pixel, and `max_pool_2x2`,
    `max_pool_5x5` and `max_pool_7x7` that of others.
    """
    names = set(names)
    if names - _VIEWS:
        raise ValueError(
            "Received an invalid value for `views` of a primitive, expected names "
            f"among {sorted(_VIEWS)}. Received: {sorted(names - _VIEWS)}."
        )
    views = {"input": x}
    if names & {"relu", "relu_even", "relu_odd"}:
        views["relu"] = elementwise.relu(x)
    if names & {"relu_even", "relu_odd"}:
        even, odd = pointwise.phases(views["relu"])
        views.update(relu_even=even, relu_odd=odd)
    for name in sorted(names & set(_MAXIMA)):
        views[name] = pooling.max_pool(x, _MAXIMA[name], stride)
    return {name: views[name] for name in sorted(names)}
