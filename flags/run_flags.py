"""Flags of what leaves a run: its settings, and the folder that it is written to."""

from dataclasses import dataclass

from absl import flags

from darts_tf.runs.experiment import Experiment
from darts_tf.runs.run_folder import dated_folder
from darts_tf.settings import Settings
from flags import setting_flags

_OUTPUT = (
    "Folder of the run; an existing run continues. Default is one in runs/ named after "
    "the time."
)
_EVALUATE_ONLY = "Whether the network of --weights is evaluated and nothing is trained."


@dataclass(frozen=True)
class RunFlags:
    """The flags of a kind of run.

    Attributes:
        kind: The kind, whose `Config` has the settings.
        evaluates: Whether it can evaluate a network instead of training one.
    """

    kind: type[Experiment]
    evaluates: bool = False

    def define(
        self,
        flag_values: flags.FlagValues = flags.FLAGS,
        defaults: Settings | None = None,
    ) -> dict[str, dict[str, str]]:
        """Defines the flags in `flag_values`.

        Args:
            flag_values: What gets the flags.
            defaults: Configuration that holds their defaults, or `None` for those of
                the class.

        Returns:
            Their helps by group, see `setting_flags.define`.
        """
        groups = setting_flags.define(defaults or self.kind.Config(), flag_values)
        flags.DEFINE_string("output", None, _OUTPUT, flag_values)
        groups["Run"] = {"output": _OUTPUT, **groups["Run"]}
        if self.evaluates:
            flags.DEFINE_boolean("evaluate_only", False, _EVALUATE_ONLY, flag_values)
            groups["Run"]["evaluate_only"] = _EVALUATE_ONLY
        return groups

    def to_config(self, flag_values: flags.FlagValues = flags.FLAGS) -> Settings:
        """Returns the configuration that the parsed flags describe."""
        return setting_flags.to_config(self.kind.Config, flag_values)

    def output_folder(self, flag_values: flags.FlagValues = flags.FLAGS) -> str:
        """Returns the run folder: `--output`, or one named after the present time."""
        return flag_values.output or dated_folder(self.kind.NAME)
