"""NASNet-A, in its own setting and in that of DARTS (arXiv 1707.07012)."""

import functools

from darts_tf.spaces.published_skeletons import nasnet_skeleton
from darts_tf.zoo.cell_network import cell_network
from darts_tf.zoo.row import CIFAR10, IMAGENET, Published, Row

_SOURCE = "Zoph, Vasudevan, Shlens and Le 2018, NASNet, arXiv 1707.07012"
_METHOD = "RL"
_NO_CELL = "no public code defines its cell, and keras.applications has NASNet-A alone."

NASNET_A_CIFAR10 = Row(
    "nasnet_a_cifar10",
    "NASNet-A + cutout",
    CIFAR10,
    _SOURCE,
    Published(2.65, None, None, 3.3, None, 2000, 13, _METHOD),
    functools.partial(
        cell_network,
        "NASNet-A-original",
        nasnet_skeleton,
        num_cells=18,
        init_channels=32,
    ),
    weights=3_346_538,
    place=2,
)
NASNET_A_DARTS_CIFAR10 = Row(
    "nasnet_a_darts_cifar10",
    "NASNet-A + cutout, DARTS setup",
    CIFAR10,
    _SOURCE,
    Published(2.83, None, None, 3.1, None, 2000, 13, _METHOD),
    functools.partial(cell_network, "NASNet-A", num_cells=20, init_channels=32),
    weights=3_061_738,
    place=3,
)
NASNET_A_IMAGENET = Row(
    "nasnet_a_imagenet",
    "NASNet-A",
    IMAGENET,
    _SOURCE,
    Published(26.0, None, 8.4, 5.3, 564, 2000, None, _METHOD),
    functools.partial(
        cell_network,
        "NASNet-A-original",
        nasnet_skeleton,
        "imagenet",
        num_classes=1000,
        num_cells=12,
        init_channels=44,
    ),
    weights=5_289_978,
    multiply_adds=563.6,
    place=4,
)
NASNET_B_IMAGENET = Row(
    "nasnet_b_imagenet",
    "NASNet-B",
    IMAGENET,
    _SOURCE,
    Published(27.2, None, 8.7, 5.3, 488, 2000, None, _METHOD),
    reason=_NO_CELL,
    place=5,
)
NASNET_C_IMAGENET = Row(
    "nasnet_c_imagenet",
    "NASNet-C",
    IMAGENET,
    _SOURCE,
    Published(27.5, None, 9.0, 4.9, 558, 2000, None, _METHOD),
    reason=_NO_CELL,
    place=6,
)
