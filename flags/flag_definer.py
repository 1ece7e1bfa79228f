"""Definition of flags, and of those that several trainers share."""

import datetime
import math

from absl import flags

from darts_tf.distribution.devices import STRATEGIES
from darts_tf.limits import MAX_COUNT, MAX_SEED


class FlagDefiner:
    """Defines flags whose defaults are those of a configuration.

    Args:
        defaults: Configuration, an attribute for each flag; for what it lacks the
            default is `None`, and that of a boolean `False`.
        flag_values: `absl.flags.FlagValues` that get the flags.

    Attributes:
        groups: Dictionary from the title of each group to a dictionary from the names
            of its flags to their helps, as `--help` lists them.
    """

    def __init__(self, defaults, flag_values):
        self._defaults = defaults
        self._more = {"flag_values": flag_values}
        self._group, self.groups = None, {}

    def group(self, title):
        """Puts all flags that are defined from now on into the group of this title."""
        self._group = self.groups.setdefault(title, {})

    def integer(self, name, help, least, most):
        default = getattr(self._defaults, name, None)
        bounds = {"lower_bound": least, "upper_bound": most}
        self._define(flags.DEFINE_integer, name, help, default, **bounds)

    def number(self, name, help, least=0.0, most=None):
        default = getattr(self._defaults, name)
        bounds = {"lower_bound": least, "upper_bound": most}
        self._define(flags.DEFINE_float, name, help, default, **bounds)
        flags.register_validator(
            name, math.isfinite, "must be a finite number.", **self._more
        )

    def choice(self, name, choices, help):
        default = getattr(self._defaults, name)
        self._define(flags.DEFINE_enum, name, help, default, enum_values=choices)

    def choices(self, name, choices, help):
        """Defines a flag that may be given more than once."""
        default = list(getattr(self._defaults, name))
        self._define(flags.DEFINE_multi_enum, name, help, default, enum_values=choices)

    def boolean(self, name, help):
        default = getattr(self._defaults, name, False)
        self._define(flags.DEFINE_boolean, name, help, default)

    def string(self, name, help):
        default = getattr(self._defaults, name, None)
        self._define(flags.DEFINE_string, name, help, default)

    def names(self, name, help):
        default = list(getattr(self._defaults, name))
        self._define(flags.DEFINE_list, name, help, default)

    def run(self):
        """Defines what all runs have: folder, seed, exactness and threads."""
        self.group("Run")
        self.string(
            "output",
            "Folder of the run; an existing run continues. Default is one in runs/ "
            "named after the time.",
        )
        self.integer("seed", "Fixes the whole run.", 0, MAX_SEED)
        self.boolean(
            "deterministic",
            "Whether only operations that repeat their bits are used; for GPUs.",
        )
        self.boolean(
            "tensor_float_32",
            "Whether newer GPUs may round the factors of matrix products and "
            "convolutions in float32 to 10 bits, which is faster.",
        )
        self.integer(
            "intra_op_threads",
            "Threads of one operation; 0 for one a core. Another number gives other "
            "bits." + self._default_of_threads(),
            0,
            1024,
        )
        self.integer(
            "inter_op_threads", "Operations at a time; 0 for one a core.", 0, 1024
        )

    def devices(self):
        """Defines on which devices a run computes."""
        self.group("Devices")
        self.choice(
            "strategy",
            STRATEGIES,
            "mirrored: every visible device takes its part of each batch, and all "
            "apply the same step; multi_worker: as well those of all machines that "
            "the environment variable TF_CONFIG names; single: one device; auto: "
            "multi_worker where TF_CONFIG names several machines, mirrored where "
            "several GPUs or --logical_devices are visible.",
        )
        self.names("devices", "Numbers of the GPUs to be used, as 0,1; default is all.")
        self.integer(
            "logical_devices",
            "Devices into which the CPU is divided, for a try without GPUs; default is "
            "one.",
            1,
            64,
        )
        self.integer(
            "worker_timeout",
            "Seconds without the end of a step after which a worker takes another one "
            "for lost, and ends. Longer than the end of an epoch takes.",
            1,
            MAX_COUNT,
        )

    def sync_batch_norm(self):
        """Defines whose statistics batch normalization takes."""
        self.boolean(
            "sync_batch_norm",
            "Whether batch normalization takes the statistics of all devices "
            "together; otherwise each takes its own.",
        )

    def precision(self):
        self.choice(
            "precision",
            ["float32", "mixed_float16", "mixed_bfloat16"],
            "Data type of the computation; the mixed ones keep the weights in float32.",
        )

    def profile(self):
        self.boolean(
            "profile",
            "Whether steps 2 to 4 after the start are profiled, for TensorBoard; its "
            "plug-in xprof shows them.",
        )

    def _define(self, kind, name, help, default, **values):
        kind(name, default, help=help, **values, **self._more)
        # absl adds the choices to the help.
        self._group[name] = help

    def _default_of_threads(self):
        if self._defaults.intra_op_threads is not None:
            return ""
        return " Default is 1, and 0 on a machine with a GPU."


def dated_folder(kind):
    """Returns a run folder named after the kind of run and the present time."""
    now = datetime.datetime.now()
    return f"runs/{kind}-{now:%Y%m%d-%H%M%S}"
