"""Flags of what leaves a run: its settings, and the folder that it is written to."""

import datetime

from absl import flags

from flags import setting_flags

_OUTPUT = (
    "Folder of the run; an existing run continues. Default is one in runs/ named after "
    "the time."
)
_EVALUATE_ONLY = "Whether the network of --weights is evaluated and nothing is trained."


def define(defaults, flag_values):
    """Defines the flags of a search; arguments and result as of `setting_flags`."""
    groups = setting_flags.define(defaults, flag_values)
    flags.DEFINE_string("output", None, _OUTPUT, flag_values)
    groups["Run"] = {"output": _OUTPUT, **groups["Run"]}
    return groups


def define_with_evaluation(defaults, flag_values):
    """Defines the flags of a training, which can evaluate instead; as `define`."""
    groups = define(defaults, flag_values)
    flags.DEFINE_boolean("evaluate_only", False, _EVALUATE_ONLY, flag_values)
    groups["Run"]["evaluate_only"] = _EVALUATE_ONLY
    return groups


def output_folder(kind, flag_values):
    """Returns the run folder: `--output`, or one of this kind and the present time."""
    now = datetime.datetime.now()
    return flag_values.output or f"runs/{kind}-{now:%Y%m%d-%H%M%S}"
