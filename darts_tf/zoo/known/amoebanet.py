"""AmoebaNet-A, -B and -C, and the former in the setting of DARTS (arXiv 1802.01548).

The paper does not say how many channels its stem for small images has. The rows have
three times those of the first cells, as NASNet; the least and the most weights are
those of one and of three times.
"""

import functools

from darts_tf.spaces.published_skeletons import nasnet_skeleton
from darts_tf.zoo.cell_network import cell_network
from darts_tf.zoo.row import CIFAR10, IMAGENET, Published, Row

_SOURCE = "Real, Aggarwal, Huang and Le 2018, AmoebaNet, arXiv 1802.01548"
_METHOD = "evolution"


def _for_cifar10(genotype):
    return functools.partial(
        cell_network, genotype, nasnet_skeleton, num_cells=18, init_channels=36
    )


def _for_imagenet(genotype, num_cells, init_channels):
    return functools.partial(
        cell_network,
        genotype,
        nasnet_skeleton,
        "imagenet",
        num_classes=1000,
        num_cells=num_cells,
        init_channels=init_channels,
    )


AMOEBANET_A_CIFAR10 = Row(
    "amoebanet_a_cifar10",
    "AmoebaNet-A",
    CIFAR10,
    _SOURCE,
    Published(3.34, 0.06, None, 3.2, None, 3150, 19, _METHOD),
    _for_cifar10("AmoebaNet-A-original"),
    weights=(3_194_506, 3_218_266),
    place=5,
)
AMOEBANET_A_DARTS_CIFAR10 = Row(
    "amoebanet_a_darts_cifar10",
    "AmoebaNet-A + cutout, DARTS setup",
    CIFAR10,
    _SOURCE,
    Published(3.12, None, None, 3.1, None, 3150, 19, _METHOD),
    functools.partial(cell_network, "AmoebaNet-A", num_cells=20, init_channels=36),
    weights=3_145_078,
    place=6,
)
AMOEBANET_B_CIFAR10 = Row(
    "amoebanet_b_cifar10",
    "AmoebaNet-B + cutout",
    CIFAR10,
    _SOURCE,
    Published(2.55, 0.05, None, 2.8, None, 3150, 19, _METHOD),
    _for_cifar10("AmoebaNet-B"),
    weights=(2_813_482, 2_839_186),
    place=7,
)
AMOEBANET_A_IMAGENET = Row(
    "amoebanet_a_imagenet",
    "AmoebaNet-A",
    IMAGENET,
    _SOURCE,
    Published(25.5, None, 8.0, 5.1, 555, 3150, None, _METHOD),
    _for_imagenet("AmoebaNet-A-original", 12, 50),
    weights=5_086_930,
    multiply_adds=554.7,
    place=7,
)
AMOEBANET_B_IMAGENET = Row(
    "amoebanet_b_imagenet",
    "AmoebaNet-B",
    IMAGENET,
    _SOURCE,
    Published(26.0, None, 8.5, 5.3, 555, 3150, None, _METHOD),
    _for_imagenet("AmoebaNet-B", 9, 62),
    weights=5_258_700,
    multiply_adds=555.1,
    place=8,
)
AMOEBANET_C_IMAGENET = Row(
    "amoebanet_c_imagenet",
    "AmoebaNet-C",
    IMAGENET,
    _SOURCE,
    Published(24.3, None, 7.6, 6.4, 570, 3150, None, _METHOD),
    _for_imagenet("AmoebaNet-C", 12, 50),
    weights=6_353_815,
    multiply_adds=676.9,
    place=9,
)
