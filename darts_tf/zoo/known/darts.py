"""The networks of DARTS itself (arXiv 1806.09055, tables 1 and 3)."""

import functools

from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.zoo.row import CIFAR10, IMAGENET, Published, Row

_SOURCE = "Liu, Simonyan and Yang 2019, DARTS, arXiv 1806.09055"
_METHOD = "gradient-based"


def _network(genotype, **sizes):
    return EvaluationNetwork(Genotype.published(genotype), **sizes)


DARTS_V1_CIFAR10 = Row(
    "darts_v1_cifar10",
    "DARTS (first order) + cutout",
    CIFAR10,
    _SOURCE,
    Published(3.00, 0.14, None, 3.3, None, 1.5, 7, _METHOD),
    functools.partial(_network, "DARTS_V1"),
    weights=3_169_414,
    place=13,
    baseline="random_cifar10",
)
DARTS_V2_CIFAR10 = Row(
    "darts_v2_cifar10",
    "DARTS (second order) + cutout",
    CIFAR10,
    _SOURCE,
    Published(2.76, 0.09, None, 3.3, None, 4, 7, _METHOD),
    functools.partial(_network, "DARTS_V2"),
    weights=3_349_342,
    place=14,
    baseline="random_cifar10",
)
DARTS_V2_IMAGENET = Row(
    "darts_v2_imagenet",
    "DARTS (searched on CIFAR-10)",
    IMAGENET,
    _SOURCE,
    Published(26.7, None, 8.7, 4.7, 574, 4, None, _METHOD),
    functools.partial(
        _network,
        "DARTS_V2",
        num_classes=1000,
        init_channels=48,
        num_cells=14,
        stem="imagenet",
    ),
    weights=4_718_752,
    multiply_adds=529.9,
    place=11,
)
