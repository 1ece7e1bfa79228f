"""The published search methods by name: which settings make them."""

from darts_tf.methods.preset import Preset as Preset
from darts_tf.methods.registry import get_preset as get_preset
from darts_tf.methods.registry import preset_names as preset_names
from darts_tf.methods.registry import register_preset as register_preset
