"""Rows of tiny networks, which tests register for as long as they need them."""

import functools

from darts_tf import presets
from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.registry import Registry
from darts_tf.zoo import registry
from darts_tf.zoo.networks import DenseNet, MobileNet
from darts_tf.zoo.row import CIFAR10, IMAGENET, Published, Row


def _cells(**sizes):
    arguments = {"num_cells": 1, "init_channels": 2, "auxiliary": False, **sizes}
    return EvaluationNetwork(Genotype.published("DARTS_V2"), **arguments)


CELLS = Row(
    "tiny_cifar10",
    "Tiny <cells>",
    CIFAR10,
    "No paper",
    Published(3.0, 0.5, None, 0.02, None, 4, 7, "by hand"),
    _cells,
)
PLAIN = Row(
    "tiny_dense_cifar10",
    "Tiny layers",
    CIFAR10,
    "No paper",
    Published(error=9.0),
    functools.partial(DenseNet, depth=10, growth=2),
    training={"drop_path_rate": 0.0},
)
LARGE = Row(
    "tiny_imagenet",
    "Tiny MobileNet",
    IMAGENET,
    "No paper",
    Published(weights=0.1, multiply_adds=3),
    functools.partial(MobileNet, init_channels=2),
)
SECRET = Row(
    "secret_cifar10",
    "Secret",
    CIFAR10,
    "No paper",
    Published(error=1.0, weights=39.8),
    reason="No cell was published.",
)
SMALL_ROWS = (CELLS, PLAIN, LARGE, SECRET)


def registered(monkeypatch):
    """Registers the rows in place of all others, for the time of a test."""
    monkeypatch.setattr(registry, "_ROWS", Registry("row", Row))
    monkeypatch.setattr(presets, "_PRESETS", {})
    for row in SMALL_ROWS:
        registry.register_row(row)
