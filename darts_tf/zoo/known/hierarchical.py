"""The row of hierarchical evolution (arXiv 1711.00436)."""

from darts_tf.zoo.networks.hierarchical import HierarchicalNetwork
from darts_tf.zoo.row import CIFAR10, Published, Row

HIERARCHICAL_CIFAR10 = Row(
    "hierarchical_cifar10",
    "Hierarchical evolution",
    CIFAR10,
    "Liu et al. 2018, Hierarchical representations, arXiv 1711.00436",
    Published(3.75, 0.12, None, 15.7, None, 300, 6, "evolution"),
    HierarchicalNetwork,
    weights=15_706_186,
    training={"drop_path_rate": 0.0},
    place=8,
)
