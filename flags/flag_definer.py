"""What the flags of all trainers have in common."""

import datetime
import math

from absl import flags


class FlagDefiner:
    """Defines flags whose defaults are those of a configuration.

    Args:
        defaults: Configuration, an attribute for each flag; a string that it lacks
            has the default `None`.
        flag_values: `absl.flags.FlagValues` that get the flags.
    """

    def __init__(self, defaults, flag_values):
        self._defaults = defaults
        self._more = {"flag_values": flag_values}

    def integer(self, name, help, least, most=None):
        default = getattr(self._defaults, name)
        flags.DEFINE_integer(
            name, default, help, lower_bound=least, upper_bound=most, **self._more
        )

    def number(self, name, help, least=0.0, most=None):
        default = getattr(self._defaults, name)
        flags.DEFINE_float(
            name, default, help, lower_bound=least, upper_bound=most, **self._more
        )
        flags.register_validator(
            name, math.isfinite, "must be a finite number.", **self._more
        )

    def choice(self, name, choices, help):
        flags.DEFINE_enum(
            name, getattr(self._defaults, name), choices, help, **self._more
        )

    def boolean(self, name, help):
        flags.DEFINE_boolean(name, getattr(self._defaults, name), help, **self._more)

    def string(self, name, help):
        default = getattr(self._defaults, name, None)
        flags.DEFINE_string(name, default, help, **self._more)

    def names(self, name, help):
        default = list(getattr(self._defaults, name))
        flags.DEFINE_list(name, default, help, **self._more)


def dated_folder(kind):
    """Returns a run folder named after the kind of run and the present time."""
    now = datetime.datetime.now()
    return f"runs/{kind}-{now:%Y%m%d-%H%M%S}"
