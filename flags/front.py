"""Flags of `trainers.front`: the settings of `FrontConfig`, and its folder."""

from darts_tf.front import FrontConfig
from flags.output_flags import OutputFlags

front_flags = OutputFlags(
    FrontConfig,
    "front",
    "Folder of the searches; those in an existing one continue.",
)
