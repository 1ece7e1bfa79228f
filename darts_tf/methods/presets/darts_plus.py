"""DARTS+: the search ends at two skip connections, or where the order settles."""

from darts_tf.methods.preset import Preset

PRESET = Preset(
    "darts_plus",
    "arXiv 1909.06035",
    {"order": "second", "stop": ("skip_connections", "stable_ranking")},
)
