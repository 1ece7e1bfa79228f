"""The number of mult-adds."""

import tensorflow as tf

from darts_tf.convolutional.image_network import ImageNetwork
from darts_tf.convolutional.network_cost import network_cost
from darts_tf.zero_cost.score import Score


def multiply_adds(network: ImageNetwork, images: tf.Tensor) -> float:
    """Counts the mult-adds of a network for one image, see `network_cost`.

    Args:
        network: Built network, whose size of images counts.
        images: Not looked at.
    """
    return network_cost(network).multiply_adds


MULTIPLY_ADDS = Score(
    "multiply_adds", "Abdelfattah et al., arXiv 2101.08134", multiply_adds
)
