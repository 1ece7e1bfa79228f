"""DARTS itself (arXiv 1806.09055)."""

from darts_tf.methods.preset import Preset

PRESET = Preset("darts", "arXiv 1806.09055", {})
