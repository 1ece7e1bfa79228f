"""Flags of what leaves a run: its settings, and the folder that it is written to."""

from absl import flags

from darts_tf.runs.experiment import Experiment
from darts_tf.settings import Settings
from flags.output_flags import OutputFlags

_EVALUATE_ONLY = "Whether the network of --weights is evaluated and nothing is trained."


class RunFlags(OutputFlags):
    """The flags of a kind of run.

    Args:
        kind: The kind, whose `Config` has the settings.
        evaluates: Whether it can evaluate a network instead of training one.
    """

    def __init__(self, kind: type[Experiment], evaluates: bool = False):
        help = "Folder of the run; an existing run continues."
        super().__init__(kind.Config, kind.NAME, help)
        self.kind, self.evaluates = kind, evaluates

    def define(
        self,
        flag_values: flags.FlagValues = flags.FLAGS,
        defaults: Settings | None = None,
    ) -> dict[str, dict[str, str]]:
        groups = super().define(flag_values, defaults)
        if self.evaluates:
            flags.DEFINE_boolean("evaluate_only", False, _EVALUATE_ONLY, flag_values)
            groups["Run"]["evaluate_only"] = _EVALUATE_ONLY
        return groups
