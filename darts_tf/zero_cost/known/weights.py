"""The number of weights."""

import tensorflow as tf

from darts_tf.convolutional.image_network import ImageNetwork
from darts_tf.weight_count import count_weights
from darts_tf.zero_cost.score import Score


def weights(network: ImageNetwork, images: tf.Tensor) -> float:
    """Counts the weights of a network without those of an auxiliary head.

    Args:
        network: Built network.
        images: Not looked at.
    """
    layers = (x for x in network.cost_layers() if x is not network.auxiliary_head)
    return sum(map(count_weights, layers))


WEIGHTS = Score("weights", "Abdelfattah et al., arXiv 2101.08134", weights)
