"""The networks of progressive search, PNAS (arXiv 1712.00559)."""

import functools

from darts_tf.spaces.published_skeletons import pnas_skeleton
from darts_tf.zoo.cell_network import cell_network
from darts_tf.zoo.row import CIFAR10, IMAGENET, Published, Row

_SOURCE = "Liu, Zoph, Neumann et al. 2018, PNAS, arXiv 1712.00559"
_METHOD = "SMBO"

PNAS_CIFAR10 = Row(
    "pnas_cifar10",
    "PNAS",
    CIFAR10,
    _SOURCE,
    Published(3.41, 0.09, None, 3.2, None, 225, 8, _METHOD),
    functools.partial(
        cell_network, "PNAS", pnas_skeleton, num_cells=9, init_channels=48
    ),
    weights=3_189_082,
    place=9,
)
PNAS_IMAGENET = Row(
    "pnas_imagenet",
    "PNAS",
    IMAGENET,
    _SOURCE,
    Published(25.8, None, 8.1, 5.1, 588, "~225", None, _METHOD),
    functools.partial(
        cell_network,
        "PNAS",
        pnas_skeleton,
        "imagenet",
        num_classes=1000,
        num_cells=9,
        init_channels=54,
    ),
    weights=5_064_487,
    multiply_adds=587.3,
    place=10,
)
