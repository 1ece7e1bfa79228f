"""The row of Inception-v1 (arXiv 1409.4842)."""

from darts_tf.zoo.networks.inception import InceptionV1
from darts_tf.zoo.row import IMAGENET, Published, Row

INCEPTION_V1_IMAGENET = Row(
    "inception_v1_imagenet",
    "Inception-v1",
    IMAGENET,
    "Szegedy et al. 2015, Going deeper with convolutions, arXiv 1409.4842",
    Published(30.2, None, 10.1, 6.6, 1448),
    InceptionV1,
    weights=6_624_904,
    multiply_adds=1498,
    place=1,
)
