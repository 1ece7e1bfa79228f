"""Flags of `benchmarks.search_step`; defaults stand in `BenchmarkConfig`."""

import dataclasses

from absl import flags

from benchmarks.step_settings import FORMS, FULL_SIZES, ORDERS, BenchmarkConfig, Sizes

_DEFAULTS = BenchmarkConfig()
_SIZES = [field.name for field in dataclasses.fields(Sizes)]


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`."""
    more = {"flag_values": flag_values}
    flags.DEFINE_boolean("full", False, "Measures the paper's sizes.", **more)
    for name, least, help in (
        ("init_channels", 2, "Channels of the first cells."),
        ("layers", 1, "Number of cells."),
        ("nodes", 1, "Intermediate nodes of a cell."),
        ("batch_size", 2, "Images of each half in a step."),
        ("image_size", 4, "Height and width in pixels."),
    ):
        sizes = (getattr(_DEFAULTS.sizes, name), getattr(FULL_SIZES, name))
        default = "Default is {}, with --full {}.".format(*sizes)
        flags.DEFINE_integer(name, None, f"{help} {default}", least, **more)
    for name, choices, help in (
        ("forms", FORMS, "Forms of the network to compare."),
        ("orders", ORDERS, "Orders of the architecture gradient."),
        ("plain_orders", ORDERS, "Those of them that the plain form is measured in."),
    ):
        default = list(getattr(_DEFAULTS, name))
        flags.DEFINE_list(name, default, f"{help} Some of {choices}.", **more)
        flags.register_validator(
            name,
            lambda values, choices=choices: set(values) <= set(choices),
            f"must be some of {','.join(choices)}.",
            **more,
        )
    _define_runs(more)


def _define_runs(more):
    flags.DEFINE_integer(
        "repetitions", _DEFAULTS.repetitions, "Rounds over all of these.", 1, **more
    )
    flags.DEFINE_integer(
        "steps", _DEFAULTS.steps, "Steps measured in a process.", 1, **more
    )
    flags.DEFINE_string(
        "output", _DEFAULTS.output, "JSON file for every measurement.", **more
    )
    flags.DEFINE_multi_enum(
        "sweep",
        list(_DEFAULTS.sweep),
        _SIZES,
        "Measures the default form in the first order over several values of this "
        "size instead; may be given more than once.",
        **more,
    )
    flags.DEFINE_string(
        "plot", _DEFAULTS.plot, "Figure of a sweep, .svg or .png.", **more
    )


def to_config(flag_values=flags.FLAGS):
    """Returns the `BenchmarkConfig` that the parsed flags describe."""
    sizes = {name: getattr(flag_values, name) for name in _SIZES}
    given = {name: value for name, value in sizes.items() if value is not None}
    base = FULL_SIZES if flag_values.full else _DEFAULTS.sizes
    return BenchmarkConfig(
        sizes=dataclasses.replace(base, **given),
        forms=tuple(flag_values.forms),
        orders=tuple(flag_values.orders),
        plain_orders=tuple(flag_values.plain_orders),
        repetitions=flag_values.repetitions,
        steps=flag_values.steps,
        output=flag_values.output,
        sweep=tuple(flag_values.sweep),
        plot=flag_values.plot,
    )
