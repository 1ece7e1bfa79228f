"""Published networks for images that are not made of cells."""

from darts_tf.zoo.networks.densenet import DenseNet as DenseNet
from darts_tf.zoo.networks.hierarchical import (
    HierarchicalNetwork as HierarchicalNetwork,
)
from darts_tf.zoo.networks.inception import InceptionV1 as InceptionV1
from darts_tf.zoo.networks.mobilenet import MobileNet as MobileNet
from darts_tf.zoo.networks.shufflenet import ShuffleNet as ShuffleNet
