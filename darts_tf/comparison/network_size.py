"""Weights and mult-adds of the network of a training."""

import gc
from typing import NamedTuple

from darts_tf.comparison.finished_runs import FinishedTraining
from darts_tf.convolutional.network_cost import network_cost
from darts_tf.experiments.convolutional_evaluation.network import make_network

_MILLION = 1e6


class NetworkSize(NamedTuple):
    """The size of a network, in millions; what is not known is `None`.

    Attributes:
        weights: Number of weights without an auxiliary head.
        multiply_adds: Mult-adds for an image.
    """

    weights: float | None = None
    multiply_adds: float | None = None


def size_of(training: FinishedTraining, builds: bool) -> NetworkSize:
    """Counts what the network of a training has.

    Args:
        training: The training.
        builds: Whether the network is built where the run folder does not say it. It is
            not known where operations of the user's own are not registered: no module
            that a file names is imported.
    """
    if training.is_text:
        return NetworkSize(training.run.num_weights / _MILLION)
    if builds:
        return _size_when_built(training)
    if training.settings.get("auxiliary") is False:
        return NetworkSize(training.run.num_weights / _MILLION)
    return NetworkSize()


def _size_when_built(training):
    run = training.run
    if not run.data.get("image_shape"):
        return NetworkSize()
    try:
        network = make_network(
            training.config(),
            run.genotype,
            len(run.data["class_names"]),
            run.data["image_shape"],
        )
    except ValueError:
        return NetworkSize()
    cost = network_cost(network)
    del network
    # Graphs refer to themselves, so that a network stays until Python looks for it.
    gc.collect()
    return NetworkSize(cost.weights / _MILLION, cost.multiply_adds / _MILLION)
