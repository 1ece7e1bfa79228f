"""The row of DenseNet (arXiv 1608.06993)."""

from darts_tf.zoo.networks.densenet import DenseNet
from darts_tf.zoo.row import CIFAR10, Published, Row

DENSENET_BC_CIFAR10 = Row(
    "densenet_bc_cifar10",
    "DenseNet-BC",
    CIFAR10,
    "Huang et al. 2017, DenseNet, arXiv 1608.06993",
    Published(error=3.46, weights=25.6),
    DenseNet,
    weights=25_624_430,
    training={"drop_path_rate": 0.0},
    place=1,
)
