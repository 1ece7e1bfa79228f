"""BlockQNN, of which the figures alone are known (arXiv 1708.05552)."""

from darts_tf.zoo.row import CIFAR10, Published, Row

BLOCK_QNN_CIFAR10 = Row(
    "block_qnn_cifar10",
    "BlockQNN",
    CIFAR10,
    "Zhong, Yan, Wu, Shao and Liu 2018, BlockQNN, arXiv 1708.05552",
    Published(3.54, None, None, 39.8, None, 96, 8, "RL"),
    reason="no public code defines the blocks of this size.",
    place=4,
)
