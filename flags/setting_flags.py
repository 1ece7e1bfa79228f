"""Flags of a configuration, made from its settings."""

from absl import flags

from darts_tf.errors import as_flags
from darts_tf.settings import (
    check_setting,
    groups_of,
    is_tuple,
    kind_of,
    known_of,
    settings_of,
)


def define(defaults, flag_values):
    """Defines a flag for each setting.

    Args:
        defaults: `Settings`; or their class where some have no default, whose flags
            must be given then.
        flag_values: `absl.flags.FlagValues` that get the flags.

    Returns:
        Dictionary from the title of each group to a dictionary from the names of its
        flags to their helps, as `help_page` lists them.
    """
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


def to_config(config_class, flag_values):
    """Returns the configuration of a class that the parsed flags describe.

    Raises:
        UserError: If its settings do not fit together.
    """
    fields = settings_of(config_class)
    values = {name: value_of(field, flag_values) for name, field in fields.items()}
    for name, default in config_class.defaults_with(values).items():
        if not flag_values[name].present:
            values[name] = default
    return config_class(**values)


def value_of(field, flag_values):
    """Returns the value of a setting that the parsed flags describe."""
    return _value(field, getattr(flag_values, field.name))


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
