"""Flags that the benchmarks of search steps share."""

import dataclasses

from absl import flags

from darts_tf.limits import MAX_COUNT
from flags.flag_definer import FlagDefiner


class StepBenchmarkFlags:
    """Flags of a benchmark that measures forms and orders of a step over sizes.

    Args:
        defaults: Configuration, see `benchmarks.step_settings.BenchmarkConfig`.
        full_sizes: Its sizes with `--full`.
        sizes: Dictionary of the least and the largest value and the help of each size.
        lists: Dictionary of the choices and the help of each list of names.
    """

    def __init__(self, defaults, full_sizes, sizes, lists):
        self._defaults, self._full_sizes = defaults, full_sizes
        self._sizes, self._lists = sizes, lists

    def define(self, flag_values):
        """Defines the flags in `flag_values`; returns their helps by group."""
        define = FlagDefiner(self._defaults, flag_values)
        define.group("Sizes")
        define.boolean("full", "Measures the paper's sizes.")
        for name, (least, most, help) in self._sizes.items():
            small = getattr(self._defaults.sizes, name)
            full = getattr(self._full_sizes, name)
            default = f"Default is {small}, with --full {full}."
            define.integer(name, f"{help} {default}", least, most)
        define.group("Measurements")
        for name, (choices, help) in self._lists.items():
            define.names(name, f"{help} Some of {', '.join(choices)}.")
            flags.register_validator(
                name,
                lambda values, choices=choices: set(values) <= set(choices),
                f"must be some of {','.join(choices)}.",
                flag_values,
            )
        self._define_runs(define)
        return define.groups

    def _define_runs(self, define):
        define.integer("repetitions", "Rounds over all of these.", 1, MAX_COUNT)
        define.integer("steps", "Steps measured in a process.", 1, MAX_COUNT)
        define.string("output", "JSON file for every measurement; default is none.")
        define.choices(
            "sweep",
            list(self._sizes),
            "Measures the default form in the first order over several values of this "
            "size instead; may be given more than once.",
        )
        define.string("plot", "Figure of a sweep, .svg or .png.")

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
