"""What the flags of the benchmarks of search steps have in common."""

import dataclasses

from absl import flags


class StepBenchmarkFlags:
    """Flags of a benchmark that measures forms and orders of a step over sizes.

    Args:
        defaults: Configuration, see `benchmarks.step_settings.BenchmarkConfig`.
        full_sizes: Its sizes with `--full`.
        sizes: Dictionary of the least value and the help of each size.
        lists: Dictionary of the choices and the help of each list of names.
    """

    def __init__(self, defaults, full_sizes, sizes, lists):
        self._defaults, self._full_sizes = defaults, full_sizes
        self._sizes, self._lists = sizes, lists

    def define(self, flag_values):
        """Defines the flags in `flag_values`."""
        more = {"flag_values": flag_values}
        flags.DEFINE_boolean("full", False, "Measures the paper's sizes.", **more)
        for name, (least, help) in self._sizes.items():
            small = getattr(self._defaults.sizes, name)
            full = getattr(self._full_sizes, name)
            default = f"Default is {small}, with --full {full}."
            flags.DEFINE_integer(name, None, f"{help} {default}", least, **more)
        for name, (choices, help) in self._lists.items():
            default = list(getattr(self._defaults, name))
            flags.DEFINE_list(name, default, f"{help} Some of {choices}.", **more)
            flags.register_validator(
                name,
                lambda values, choices=choices: set(values) <= set(choices),
                f"must be some of {','.join(choices)}.",
                **more,
            )
        self._define_runs(more)

    def _define_runs(self, more):
        defaults = self._defaults
        flags.DEFINE_integer(
            "repetitions", defaults.repetitions, "Rounds over all of these.", 1, **more
        )
        flags.DEFINE_integer(
            "steps", defaults.steps, "Steps measured in a process.", 1, **more
        )
        flags.DEFINE_string(
            "output", defaults.output, "JSON file for every measurement.", **more
        )
        flags.DEFINE_multi_enum(
            "sweep",
            list(defaults.sweep),
            list(self._sizes),
            "Measures the default form in the first order over several values of this "
            "size instead; may be given more than once.",
            **more,
        )
        flags.DEFINE_string(
            "plot", defaults.plot, "Figure of a sweep, .svg or .png.", **more
        )

    def to_config(self, flag_values):
        """Returns the configuration that the parsed flags describe."""
        sizes = {name: getattr(flag_values, name) for name in self._sizes}
        given = {name: value for name, value in sizes.items() if value is not None}
        base = self._full_sizes if flag_values.full else self._defaults.sizes
        return dataclasses.replace(
            self._defaults,
            sizes=dataclasses.replace(base, **given),
            **{name: tuple(getattr(flag_values, name)) for name in self._lists},
            repetitions=flag_values.repetitions,
            steps=flag_values.steps,
            output=flag_values.output,
            sweep=tuple(flag_values.sweep),
            plot=flag_values.plot,
        )
