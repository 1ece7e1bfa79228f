"""The row of MobileNet (arXiv 1704.04861)."""

from darts_tf.zoo.networks.mobilenet import MobileNet
from darts_tf.zoo.row import IMAGENET, Published, Row

MOBILENET_IMAGENET = Row(
    "mobilenet_imagenet",
    "MobileNet",
    IMAGENET,
    "Howard et al. 2017, MobileNets, arXiv 1704.04861",
    Published(29.4, None, 10.5, 4.2, 569),
    MobileNet,
    weights=4_231_976,
    multiply_adds=568.7,
    place=2,
)
