"""Flags of a configuration, made from its settings."""

from absl import flags

from darts_tf.errors import as_flags
from darts_tf.settings import (
    Settings,
    check_setting,
    groups_of,
    is_tuple,
    kind_of,
    known_of,
    settings_of,
)


class SettingFlags:
    """The flags of a configuration, one for each setting.

    Args:
        config: Class of the configuration.
    """

    def __init__(self, config: type[Settings]):
        self.config = config

    def define(
        self,
        flag_values: flags.FlagValues = flags.FLAGS,
        defaults: Settings | None = None,
    ) -> dict[str, dict[str, str]]:
        """Defines the flags.

        Args:
            flag_values: What gets the flags.
            defaults: Configuration that holds their defaults, or `None` for those of
                the class. The flag of a setting without one must be given.

        Returns:
            Dictionary from the title of each group to a dictionary from the names of
            its flags to their helps, as `help_page` lists them.
        """
        defaults = defaults or self.config
        names, helps = settings_of(defaults), {}
        for title, fields in groups_of(defaults).items():
            helps[title] = {}
            for name, field in fields.items():
                helps[title][name] = help = as_flags(known_of(field).help, names)
                default = getattr(defaults, name, None)
                define_flag(field, default, help, flag_values)
        required = [name for name in names if not hasattr(defaults, name)]
        flags.mark_flags_as_required(required, flag_values)
        return helps

    def to_config(self, flag_values: flags.FlagValues = flags.FLAGS) -> Settings:
        """Returns the configuration that the parsed flags describe.

        Raises:
            UserError: If its settings do not fit together.
        """
        fields = settings_of(self.config)
        values = {
            name: _value(field, getattr(flag_values, name))
            for name, field in fields.items()
        }
        for name, default in self.config.defaults_with(values).items():
            if not flag_values[name].present:
                values[name] = default
        return self.config(**values)


def define_flag(field, default, help, flag_values):
    """Defines the flag of one setting.

    Args:
        field: Field that `darts_tf.settings.setting` made.
        default: Value, or `None`.
        help: See `Setting`.
        flag_values: `absl.flags.FlagValues` that get the flag.
    """
    name, known, kind = field.name, known_of(field), kind_of(field)
    more = {"help": help, "flag_values": flag_values}
    if is_tuple(field):
        flags.DEFINE_list(name, [*map(str, default)], **more)
        _validate(field, flag_values)
    elif known.choices is not None:
        flags.DEFINE_enum(name, default, known.choices, **more)
    elif kind is bool:
        flags.DEFINE_boolean(name, default, **more)
    elif kind is str:
        flags.DEFINE_string(name, default, **more)
    else:
        define = flags.DEFINE_integer if kind is int else flags.DEFINE_float
        bounds = {"lower_bound": known.least, "upper_bound": known.most}
        define(name, default, **bounds, **more)
        _validate(field, flag_values)


def _validate(field, flag_values):
    """Checks what the parser of a flag lets pass, such as NaN and what a list holds."""
    several = is_tuple(field)
    expected = known_of(field).expected(kind_of(field), several)
    flags.register_validator(
        field.name,
        lambda given: _is_accepted(field, given),
        f"must be {expected}{', separated by commas' if several else ''}.",
        flag_values,
    )


def _is_accepted(field, given):
    if given is None:
        return True
    try:
        check_setting(field, _value(field, given))
    except ValueError:  # of the check, or since it is no number
        return False
    return True


def _value(field, given):
    return tuple(map(kind_of(field), given)) if is_tuple(field) else given
