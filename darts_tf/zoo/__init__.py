"""The rows of the paper's tables: published networks by name, and their figures."""

from darts_tf.zoo.networks import DenseNet as DenseNet
from darts_tf.zoo.networks import HierarchicalNetwork as HierarchicalNetwork
from darts_tf.zoo.networks import InceptionV1 as InceptionV1
from darts_tf.zoo.networks import MobileNet as MobileNet
from darts_tf.zoo.networks import ShuffleNet as ShuffleNet
from darts_tf.zoo.presets import from_preset as from_preset
from darts_tf.zoo.presets import save_to_preset as save_to_preset
from darts_tf.zoo.registry import build as build
from darts_tf.zoo.registry import get_row as get_row
from darts_tf.zoo.registry import is_row as is_row
from darts_tf.zoo.registry import register_row as register_row
from darts_tf.zoo.registry import rows as rows
from darts_tf.zoo.row import Published as Published
from darts_tf.zoo.row import Row as Row
