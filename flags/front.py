"""Flags of `trainers.front`: the settings of `FrontConfig`, and its folder."""

from absl import flags

from darts_tf.front import FrontConfig
from darts_tf.runs.run_folder import dated_folder
from flags import setting_flags

_OUTPUT = (
    "Folder of the searches; those in an existing one continue. Default is one in "
    "runs/ named after the time."
)


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    groups = setting_flags.define(FrontConfig(), flag_values)
    flags.DEFINE_string("output", None, _OUTPUT, flag_values)
    groups["Run"] = {"output": _OUTPUT, **groups["Run"]}
    return groups


def to_config(flag_values=flags.FLAGS):
    """Returns the `FrontConfig` that the parsed flags describe."""
    return setting_flags.to_config(FrontConfig, flag_values)


def output_folder(flag_values=flags.FLAGS):
    """Returns the folder: `--output`, or one named after the present time."""
    return flag_values.output or dated_folder("front")
