"""The published networks that are no cells, as small as they can be."""

import keras
import numpy as np
import tensorflow as tf

from darts_tf.genotype.cell import Cell
from darts_tf.genotype.motifs_genotype import MotifsGenotype
from darts_tf.zoo.networks import (
    DenseNet,
    HierarchicalNetwork,
    InceptionV1,
    MobileNet,
    ShuffleNet,
)

CLASSES = 6
SMALL_GENOTYPE = MotifsGenotype(
    (("motif_2", dict(MotifsGenotype.published("hierarchical").motifs)["motif_2"]),),
    Cell.from_lists([[("motif_2", 0)], [("motif_2", 1), ("none", 0)]], [2], 1),
)
# By name: the class, its smallest sizes, and height and width of images, odd ones where
# the network takes them.
SMALL = {
    "densenet": (DenseNet, {"depth": 16, "growth": 2}, 9),
    "hierarchical": (
        HierarchicalNetwork,
        {
            "init_channels": 4,
            "genotype": SMALL_GENOTYPE,
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
