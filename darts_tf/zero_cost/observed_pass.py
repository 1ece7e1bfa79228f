"""What one batch of images shows of a network that has not been trained.

Both scores of Mellor et al. (arXiv 2006.04647) come from it: the first version's from
the Jacobian, the third's from the codes of the ReLUs.
"""

from collections.abc import Callable
from typing import NamedTuple

import tensorflow as tf

from darts_tf.convolutional.image_network import ImageNetwork
from darts_tf.zero_cost.copied_network import copy_of

_RELUS = ("Relu", "Relu6")


class ObservedPass(NamedTuple):
    """A pass forward and back.

    Attributes:
        jacobian: Gradient of the sum of all outputs in each image, of shape
            `(batch, values of an image)`.
        agreements: Of each two images the number of ReLUs that are on for both or off
            for both, of shape `(batch, batch)`, float64.
    """

    jacobian: tf.Tensor
    agreements: tf.Tensor


def observe(
    forward: Callable[[tf.Tensor], tf.Tensor], images: tf.Tensor
) -> ObservedPass:
    """Observes a network, within a function that TensorFlow traces.

    The ReLUs are found in the graph that the network leaves, so that no layer need be
    of a certain class. Those inside of `traced` functions are not seen, such as those
    between the convolutions of a search network's separable ones. A ReLU counts if the
    outputs depend on it: not where all that reads it is weighed by 0, or leads nowhere.
    One that several operations read counts once.

    Args:
        forward: From images to outputs, of shape `(batch, classes)`.
        images: Shape `(batch, height, width, channels)`.
    """
    outputs = forward(images)
    operations = outputs.graph.get_operations()
    relus = [x.outputs[0] for x in operations if x.type in _RELUS]
    in_images, *in_relus = tf.gradients(
        outputs, [images, *relus], unconnected_gradients="zero"
    )
    size, nothing = images.shape[0], tf.zeros([images.shape[0]] * 2, tf.float64)
    counted = [
        tf.where(tf.reduce_any(gradient != 0), _agreements(relu), nothing)
        for relu, gradient in zip(relus, in_relus)
    ]
    return ObservedPass(
        tf.reshape(in_images, [size, -1]), tf.add_n([nothing, *counted])
    )


def observed(network: ImageNetwork, images: tf.Tensor) -> ObservedPass:
    """Observes a copy of a network in float32, normalized by the batch as in training.

    Args:
        network: Built network.
        images: Shape `(batch, height, width, channels)`.
    """
    copy = copy_of(network, "float32")

    @tf.function(autograph=False)
    def call(images):
        return observe(lambda x: copy(x, training=True), images)

    return call(tf.cast(images, tf.float32))


def _agreements(relu):
    """Of each two images the number of equal codes.

    They are counted in float32, which is exact to 16 million for a ReLU's values.
    """
    is_on = tf.cast(tf.reshape(relu > 0, [relu.shape[0], -1]), tf.float32)
    products = [tf.matmul(x, x, transpose_b=True) for x in (is_on, 1 - is_on)]
    return tf.cast(tf.add_n(products), tf.float64)
