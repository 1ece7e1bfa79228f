"""How much the weights of a network carry (arXiv 2006.05467, 2101.08134).

All weights are replaced by their absolute values, so that nothing cancels. With an
image of ones, R is the sum of the outputs, and

    score = sum over the kernels theta of theta dR/dtheta.

As in the second paper there is no batch normalization, which would hide how large the
values are, and biases and their like are not in the sum. The values grow with the depth
beyond what float32 holds, so that all is in float64.
"""

from collections.abc import Callable, Sequence

import keras
import tensorflow as tf

from darts_tf.convolutional.image_network import ImageNetwork
from darts_tf.convolutional.operations.batch_normalization import EPSILON
from darts_tf.zero_cost.copied_network import copy_of
from darts_tf.zero_cost.score import Score

_SCALE, _OFFSET, _MOMENTS, _BIAS = "scale", "offset", "moving_moments", "bias"


def make_positive(network: keras.Model) -> None:
    """Makes weights positive and batch normalizations the identity.

    The latter holds where they take the stored statistics, in float64: a variance of
    1 - `EPSILON` is one by which nothing is divided.

    Args:
        network: Built network in float64.
    """
    for variable in network.variables:
        if variable.name == _MOMENTS:
            ones = tf.ones(variable.shape[1:], variable.dtype)
            variable.assign(tf.stack([0 * ones, (1 - EPSILON) * ones]))
        elif variable.name == _SCALE:
            variable.assign(tf.ones_like(variable))
        elif variable.name == _OFFSET:
            variable.assign(tf.zeros_like(variable))
        elif variable.trainable:
            variable.assign(tf.abs(variable))


def kernels_of(network: keras.Model) -> list[keras.Variable]:
    """Returns the weights that the sum goes over; of a search no alpha is one.

    Args:
        network: Built network.
    """
    weights = getattr(network, "weights_w", network.trainable_variables)
    return [x for x in weights if x.name not in (_SCALE, _OFFSET, _BIAS)]


def flow(
    forward: Callable[[tf.Tensor], tf.Tensor],
    kernels: Sequence[keras.Variable],
    image_shape: Sequence[int],
) -> tf.Tensor:
    """Returns the sum of theta dR/dtheta, a scalar of float64.

    Args:
        forward: From images to outputs, by a network that `make_positive` changed.
        kernels: The variables theta.
        image_shape: Height, width and channels.
    """
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(forward(tf.ones((1, *image_shape), tf.float64)))
    values = [kernel.value for kernel in kernels]
    gradients = tape.gradient(total, values, unconnected_gradients="zero")
    return tf.add_n([tf.reduce_sum(x * y) for x, y in zip(values, gradients)])


def synflow(network: ImageNetwork, images: tf.Tensor) -> float:
    """Measures a network, see above.

    Args:
        network: Built network.
        images: Of these only the shape counts.
    """
    copy = copy_of(network, "float64")
    make_positive(copy)
    return float(flow(copy, kernels_of(copy), images.shape[1:]))


SYNFLOW = Score(
    "synflow", "Tanaka et al., arXiv 2006.05467; Abdelfattah et al.", synflow
)
