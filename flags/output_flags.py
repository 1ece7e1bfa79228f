"""Flags of what is written to a folder: settings, and the folder."""

from absl import flags

from darts_tf.runs.run_folder import dated_folder
from darts_tf.settings import Settings
from flags.setting_flags import SettingFlags


class OutputFlags(SettingFlags):
    """The flags of a configuration, and `--output`.

    Args:
        config: Class of the configuration.
        name: What the name of the folder begins with where a user gives none.
        help: What the folder is, in sentences.
    """

    def __init__(self, config: type[Settings], name: str, help: str):
        super().__init__(config)
        self._name = name
        self._help = f"{help} Default is one in runs/ named after the time."

    def define(
        self,
        flag_values: flags.FlagValues = flags.FLAGS,
        defaults: Settings | None = None,
    ) -> dict[str, dict[str, str]]:
        groups = super().define(flag_values, defaults)
        flags.DEFINE_string("output", None, self._help, flag_values)
        groups["Run"] = {"output": self._help, **groups["Run"]}
        return groups

    def output_folder(self, flag_values: flags.FlagValues = flags.FLAGS) -> str:
        """Returns the folder: `--output`, or one named after the present time."""
        return flag_values.output or dated_folder(self._name)
