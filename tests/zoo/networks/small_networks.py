"""The published networks that are no cells, as small as they can be."""

import keras
import numpy as np
import tensorflow as tf

from darts_tf.zoo.networks import (
    DenseNet,
    HierarchicalNetwork,
    InceptionV1,
    MobileNet,
    ShuffleNet,
)
from darts_tf.zoo.networks.hierarchical import MOTIFS

CLASSES = 6
# By name: the class, its smallest sizes, and height and width of images, odd ones where
# the network takes them.
SMALL = {
    "densenet": (DenseNet, {"depth": 16, "growth": 2}, 9),
    "hierarchical": (
        HierarchicalNetwork,
        {
            "init_channels": 4,
            "cell": ((1, 2, "motif_2"), (1, 3, "identity"), (2, 3, "conv_1x1")),
            "motifs": {"motif_2": MOTIFS["motif_2"]},
            "stage_cells": 1,
        },
        9,
    ),
    "inception": (InceptionV1, {"width": 1 / 8}, 33),
    "mobilenet": (MobileNet, {"init_channels": 2}, 33),
    "shufflenet": (ShuffleNet, {"init_channels": 60, "units": (1, 2, 1)}, 33),
}


def small_network(name, dtype="float32"):
    """Makes a network whose normalizations let every image through."""
    keras.utils.set_random_seed(1)
    kind, sizes, side = SMALL[name]
    network = kind(CLASSES, dtype=dtype, **sizes)
    network.build((None, side, side, 3))
    for variable in network.non_trainable_variables:
        shape = variable.shape[1:]
        variable.assign(np.stack([np.full(shape, 0.01), np.full(shape, 0.1)]))
    return network


def small_images(name, seed=0, count=4):
    """Draws images that a network takes."""
    *_, side = SMALL[name]
    return tf.random.stateless_normal((count, side, side, 3), (0, seed))
