"""ENAS in its own skeleton, and its cell in that of DARTS (arXiv 1802.03268).

The table's second row is of the best of eight searches with the authors' code, whose
cell was not published. Here the published cell stands for it, so that its weights are
not those of the table.
"""

import functools

from darts_tf.spaces.published_skeletons import enas_skeleton
from darts_tf.zoo.cell_network import cell_network
from darts_tf.zoo.row import CIFAR10, Published, Row

_SOURCE = "Pham, Guan, Zoph, Le and Dean 2018, ENAS, arXiv 1802.03268"
_METHOD = "RL"

ENAS_CIFAR10 = Row(
    "enas_cifar10",
    "ENAS + cutout",
    CIFAR10,
    _SOURCE,
    Published(2.89, None, None, 4.6, None, 0.5, 6, _METHOD),
    functools.partial(
        cell_network, "ENAS", enas_skeleton, num_cells=18, init_channels=36
    ),
    weights=4_587_372,
    place=10,
)
ENAS_DARTS_CIFAR10 = Row(
    "enas_darts_cifar10",
    "ENAS + cutout, best of 8 searches with the authors' code",
    CIFAR10,
    _SOURCE,
    Published(2.91, None, None, 4.2, None, 4, 6, _METHOD),
    functools.partial(cell_network, "ENAS", num_cells=20, init_channels=36),
    place=11,
)
