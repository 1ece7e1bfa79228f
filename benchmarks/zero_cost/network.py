"""One search network in which all cells are scored, as its coefficients say."""

import keras
import numpy as np
import tensorflow as tf

from benchmarks.zero_cost.cells import CLASSES, NAMED, SPACE, Options
from benchmarks.zero_cost.settings import ZeroCostConfig
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.data import open_images
from darts_tf.data.images.augmentation import Augmentation
from darts_tf.method.slots import OPERATIONS
from darts_tf.zero_cost.known.jacob_cov import jacobian_score
from darts_tf.zero_cost.known.nwot import code_score
from darts_tf.zero_cost.known.synflow import flow, kernels_of, make_positive
from darts_tf.zero_cost.observed_pass import observe


def images_of(config: ZeroCostConfig) -> tf.Tensor:
    """Returns the images that are scored with, standardized."""
    stream = open_images(config.images, config.data_dir)
    plain = Augmentation(0, False, 0, stream.mean, stream.std)
    batches = stream.evaluation_batches(config.batch_size, plain)
    images, _ = next(iter(batches))
    return images


class ScoredNetwork:
    """A search network whose cells are those of one-hot coefficients.

    So no graph is made for a cell. What is weighed by 0 is computed, but changes
    nothing.

    Args:
        config: The settings.
        images: The images that are scored with.
    """

    def __init__(self, config: ZeroCostConfig, images: tf.Tensor):
        self._images = images
        keras.utils.set_random_seed(config.seed)
        network, positive = (
            SearchNetwork(
                CLASSES,
                space=SPACE,
                skeleton=NAMED.skeleton(config.layers, config.init_channels),
                dtype=dtype,
            )
            for dtype in ("float32", "float64")
        )
        for each in (network, positive):
            each.build((None, *images.shape[1:]))
        positive.set_weights(network.get_weights())
        make_positive(positive)
        kernels = kernels_of(positive)

        @tf.function(autograph=False)
        def observe_cell(coefficients):
            by_kind = {SPACE.name: {OPERATIONS: coefficients}}
            return observe(
                lambda x: network(x, training=True, coefficients=by_kind), images
            )

        @tf.function(autograph=False)
        def flow_of_cell(coefficients):
            by_kind = {SPACE.name: {OPERATIONS: coefficients}}
            return flow(
                lambda x: positive(x, coefficients=by_kind), kernels, images.shape[1:]
            )

        self._observe, self._flow = observe_cell, flow_of_cell

    def scores(self, options: Options) -> dict[str, float]:
        """Returns the scores of a cell by name.

        Args:
            options: The number of the operation of each edge.
        """
        one_hot = np.eye(len(NAMED.primitives))[[*options]]
        seen = self._observe(tf.constant(one_hot, tf.float32))
        return {
            "jacob_cov": jacobian_score(seen.jacobian.numpy()),
            "nwot": code_score(seen.agreements.numpy()),
            "synflow": float(self._flow(tf.constant(one_hot, tf.float64))),
        }
