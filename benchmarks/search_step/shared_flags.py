"""Flags that the benchmarks of search steps share."""

import dataclasses
from collections.abc import Mapping

from absl import flags

from darts_tf.settings import Settings, known_of, settings_of
from flags.setting_flags import SettingFlags, define_flag

_FULL = "Measures the paper's sizes."
_SWEEP = (
    "Measures the default form in the first order over several values of this size "
    "instead; may be given more than once."
)


class SizedFlags(SettingFlags):
    """The flags of a benchmark: its settings, each size of a network, and `--full`.

    Args:
        config: Class of the configuration.
        full_sizes: By the names of its fields that are sizes, `Settings` each, what
            these are with `--full`. The helps are those of the first.
    """

    def __init__(self, config: type[Settings], full_sizes: Mapping[str, Settings]):
        super().__init__(config)
        self._full_sizes = full_sizes

    def define(
        self, flag_values: flags.FlagValues = flags.FLAGS
    ) -> dict[str, dict[str, str]]:
        flags.DEFINE_boolean("full", False, _FULL, flag_values)
        helps = {"full": _FULL}
        name, full_sizes = next(iter(self._full_sizes.items()))
        small_sizes = getattr(self.config, name)
        for size, field in settings_of(small_sizes).items():
            small, full = getattr(small_sizes, size), getattr(full_sizes, size)
            default = f"Default is {small}, with --full {full}."
            helps[size] = f"{known_of(field).help} {default}"
            # None tells a size that is given from that of `--full`.
            define_flag(field, None, helps[size], flag_values)
        return {"Sizes": helps, **super().define(flag_values)}

    def to_config(self, flag_values: flags.FlagValues = flags.FLAGS) -> Settings:
        found = {}
        for name, full_sizes in self._full_sizes.items():
            sizes = full_sizes if flag_values.full else getattr(self.config, name)
            given = {size: getattr(flag_values, size) for size in settings_of(sizes)}
            given = {size: value for size, value in given.items() if value is not None}
            found[name] = dataclasses.replace(sizes, **given)
        return dataclasses.replace(super().to_config(flag_values), **found)


class StepFlags(SizedFlags):
    """The flags of a benchmark of forms and orders of a step.

    Args:
        config: See `benchmarks.search_step.settings.BenchmarkConfig`.
        full_sizes: Its sizes with `--full`.
    """

    def __init__(self, config: type[Settings], full_sizes: Settings):
        super().__init__(config, {"sizes": full_sizes})

    def define(
        self, flag_values: flags.FlagValues = flags.FLAGS
    ) -> dict[str, dict[str, str]]:
        groups = super().define(flag_values)
        sizes = [*settings_of(self.config.sizes)]
        flags.DEFINE_multi_enum("sweep", [], sizes, _SWEEP, flag_values)
        groups["Measurements"]["sweep"] = _SWEEP
        return groups

    def to_config(self, flag_values: flags.FlagValues = flags.FLAGS) -> Settings:
        config = super().to_config(flag_values)
        return dataclasses.replace(config, sweep=tuple(flag_values.sweep))
