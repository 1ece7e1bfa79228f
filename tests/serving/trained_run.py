"""Small networks in the files that a training leaves."""

import json

import numpy as np
import tensorflow as tf

from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.convolutional_genotype import Genotype

MEAN, STD = (0.5, 0.4, 0.3), (0.25, 0.2, 0.3)
NAMES = ("ape", "bee", "cat", "dög", "elk")
# With convolutions of every size.
_CELL = Cell.from_lists(
    [
        [("sep_conv_7x7", 0), ("sep_conv_5x5", 1)],
        [("sep_conv_3x3", 0), ("dil_conv_5x5", 2)],
        [("avg_pool_3x3", 1), ("max_pool_3x3", 3)],
        [("skip_connect", 0), ("dil_conv_3x3", 1)],
    ],
    [3, 4, 5],
)


def make_network(size=8, dtype="float32", **arguments):
    """Makes a network whose normalizations have seen images."""
    network = EvaluationNetwork(
        Genotype(_CELL, _CELL),
        num_classes=len(NAMES),
        init_channels=2,
        num_cells=3,
        dtype=dtype,
        **arguments,
    )
    network.build((None, size, size, 3))
    network.drop_path_rate.assign(0.2)
    for seed in range(3):
        images = tf.random.stateless_normal((8, size, size, 3), (0, seed))
        network(images, training=True)
    return network


def make_images(count, size=8):
    """Draws images of uint8."""
    rng = np.random.default_rng(count)
    return rng.integers(0, 256, (count, size, size, 3), np.uint8)


def write_run(folder, network, size=8, images=None):
    """Writes the folder of a training; `images` are those that it has kept."""
    folder.mkdir()
    data = {"name": "animals", "num_train": 90, "num_valid": 10, "mean": MEAN}
    data |= {"std": STD, "image_shape": [size, size, 3], "class_names": NAMES}
    config = {"format": "darts_tf.image_training", "version": 1, "settings": {}}
    config |= {"data": data, "versions": {}, "num_weights": 1, "command": ""}
    config["genotype"] = json.loads(network.genotype.to_json())
    (folder / "config.json").write_text(json.dumps(config))
    network.save(folder / "model_best.keras")
    if images is not None:
        np.savez(folder / "predictions.npz", images=images)
    return folder
