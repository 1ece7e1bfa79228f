"""The row of ShuffleNet (arXiv 1707.01083)."""

from darts_tf.zoo.networks.shufflenet import ShuffleNet
from darts_tf.zoo.row import IMAGENET, Published, Row

SHUFFLENET_2X_IMAGENET = Row(
    "shufflenet_2x_imagenet",
    "ShuffleNet 2x (g = 3)",
    IMAGENET,
    "Zhang et al. 2017, ShuffleNet, arXiv 1707.01083",
    Published(26.3, None, None, 5, 524, approximate=("weights",)),
    ShuffleNet,
    weights=5_450_776,
    multiply_adds=524.0,
    place=3,
)
