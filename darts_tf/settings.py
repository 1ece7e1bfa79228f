"""Settings: a value that a user chooses, with its words and its bounds, said once.

A configuration is a class of `Settings`: its own, and those of the classes that it
derives from. Flags are made from them, see `flags/setting_flags.py`, and so are the
attributes in the documentation of the class.
"""

import dataclasses
import inspect
import os
import sys
import textwrap
import typing
from typing import Any, ClassVar

from darts_tf.errors import SettingError

# In place of a default, where a value must be given.
REQUIRED = dataclasses.MISSING

_KEY = "setting"
_SAME = object()
_KINDS = (bool, int, float, str)
# One value in words, and several. A float may be given as an int.
_NOUNS = {
    bool: ("True or False", "truth values"),
    int: ("an integer", "integers"),
    float: ("a finite number", "finite numbers"),
    str: ("text", "texts"),
}


@dataclasses.dataclass(frozen=True)
class Setting:
    """What is known of a setting beside its name, type and default.

    Attributes:
        help: What it sets, in a sentence that begins with a noun. It names other
            settings in backticks, and says what `None` stands for as a default.
        group: Title under which `help` lists it.
        least: Smallest value, or `None`.
        most: Largest value, or `None`.
        above: Number that a value must be above, or `None`.
        choices: The only values, or `None`.
        free: Whether it does not change what is computed, so that a run may continue
            with another value.
        added: Whether earlier versions, which had no such setting, did what its default
            says, so that their runs continue with that alone.
        formerly: What these did instead, where the default is another value.
    """

    help: str
    group: str
    least: float | None = None
    most: float | None = None
    above: float | None = None
    choices: tuple[str, ...] | None = None
    free: bool = False
    added: bool = False
    formerly: Any = None

    def accepts(self, kind: type, value: object) -> bool:
        """Whether the setting may have a value, for a kind: `bool`, `int` and so on."""
        if self.choices is not None:
            return value in self.choices
        if kind in (bool, str):
            return isinstance(value, kind)
        if isinstance(value, bool) or not isinstance(value, (int, kind)):
            return False
        # Neither NaN nor infinite, nor an integer that no float can hold.
        return (
            abs(value) <= sys.float_info.max
            and (self.least is None or value >= self.least)
            and (self.most is None or value <= self.most)
            and (self.above is None or value > self.above)
        )

    def expected(self, kind: type, several: bool = False) -> str:
        """Says in words which values are accepted."""
        if self.choices is not None:
            return f"{'some' if several else 'one'} of {', '.join(self.choices)}"
        bounds = ""
        if self.above is not None:
            bounds += f" above {self.above:g}"
        if self.least is not None and self.most is not None:
            bounds += f" from {self.least} to {self.most}"
        elif self.least is not None:
            bounds += f" of at least {self.least}"
        elif self.most is not None:
            bounds += f" of at most {self.most}"
        return _NOUNS[kind][several] + bounds


def setting(
    default: Any,
    help: str,
    *,
    group: str,
    least: float | None = None,
    most: float | None = None,
    above: float | None = None,
    choices: tuple[str, ...] | None = None,
    free: bool = False,
    added: bool = False,
    formerly: Any = None,
) -> Any:
    """Returns the field of a setting.

    Args:
        default: Value, or `REQUIRED` where one must be given.
        help: And the others: see `Setting`.
    """
    known = Setting(help, group, least, most, above, choices, free, added, formerly)
    return dataclasses.field(default=default, metadata={_KEY: known})


def changed(base: type, name: str, default: Any = _SAME, **changes: Any) -> Any:
    """Returns the field of a setting that differs from that of a base class.

    Args:
        base: The base class.
        name: The setting.
        default: Its default here; that of the base class if none is given.
        **changes: Other attributes of its `Setting`.
    """
    field = settings_of(base)[name]
    known = dataclasses.replace(field.metadata[_KEY], **changes)
    default = field.default if default is _SAME else default
    return dataclasses.field(default=default, metadata={_KEY: known})


@typing.dataclass_transform(
    frozen_default=True, field_specifiers=(setting, changed, dataclasses.field)
)
@dataclasses.dataclass(frozen=True)
class Settings:
    """Base class of configurations; each class that derives from it is a dataclass.

    Lists become tuples, and paths text, as JSON and flags have them.

    Raises:
        SettingError: If a value is not of the type of its field, out of its bounds or
            none of its choices.
    """

    # Titles of groups in their order; others follow as their settings do.
    group_order: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def defaults_with(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Returns the defaults of settings that follow from other settings.

        They hold where a user has given no value. The constructor knows nothing of
        them, unless a class says so.

        Args:
            values: The value of each setting by name, not checked yet.
        """
        return {}

    def __init_subclass__(cls, **more):
        super().__init_subclass__(**more)
        dataclasses.dataclass(frozen=True)(cls)
        cls.__doc__ = f"{inspect.cleandoc(cls.__doc__)}\n\n{_attributes(cls)}"

    def __post_init__(self):
        for name, field in settings_of(self).items():
            value = _plain(getattr(self, name))
            object.__setattr__(self, name, value)
            check_setting(field, value)


def settings_of(config: Settings | type[Settings]) -> dict[str, dataclasses.Field]:
    """Returns the fields of settings by name, as they are read.

    Those of base classes come first, in the order of these.
    """
    cls = config if isinstance(config, type) else type(config)
    fields = {field.name: field for field in dataclasses.fields(cls)}
    return {
        name: fields[name]
        for name in dict.fromkeys(_names(cls))
        if name in fields and _KEY in fields[name].metadata
    }


def groups_of(
    config: Settings | type[Settings],
) -> dict[str, dict[str, dataclasses.Field]]:
    """Returns the fields of settings by name, for each group by title, in order."""
    groups = {title: {} for title in config.group_order}
    for name, field in settings_of(config).items():
        groups.setdefault(known_of(field).group, {})[name] = field
    return {title: fields for title, fields in groups.items() if fields}


def values_of(config: Settings) -> dict[str, Any]:
    """Returns the values of settings by name, as they are read."""
    return {name: getattr(config, name) for name in settings_of(config)}


def free_settings(config: Settings | type[Settings]) -> frozenset[str]:
    """Returns the names of the settings that do not change what is computed."""
    fields = settings_of(config).items()
    return frozenset(name for name, field in fields if known_of(field).free)


def added_settings(config: Settings | type[Settings]) -> dict[str, Any]:
    """Returns the settings that earlier versions did not have, and what they did."""
    fields = settings_of(config).items()
    return {
        name: field.default
        if known_of(field).formerly is None
        else known_of(field).formerly
        for name, field in fields
        if known_of(field).added
    }


def known_of(field: dataclasses.Field) -> Setting:
    """Returns the `Setting` of a field."""
    return field.metadata[_KEY]


def kind_of(field: dataclasses.Field) -> type:
    """Returns what a setting holds, once or several times: `bool`, `int` and so on."""
    kinds = typing.get_args(field.type) or (field.type,)
    return next(kind for kind in kinds if kind in _KINDS)


def is_tuple(field: dataclasses.Field) -> bool:
    """Whether a setting holds several values."""
    return typing.get_origin(field.type) is tuple


def check_setting(field: dataclasses.Field, value: object) -> None:
    """Raises a `SettingError` unless the setting of a field may have this value."""
    known, kind, several = known_of(field), kind_of(field), is_tuple(field)
    is_optional = type(None) in typing.get_args(field.type)
    if value is None and is_optional:
        return
    if several and isinstance(value, tuple):
        is_right = all(known.accepts(kind, item) for item in value)
    else:
        is_right = not several and known.accepts(kind, value)
    if not is_right:
        expected = ["a tuple of "] * several + [known.expected(kind, several)]
        expected += [" or None"] * is_optional
        raise SettingError(field.name, value, "".join(expected))


def _names(cls):
    for base in cls.__bases__:
        yield from _names(base)
    yield from inspect.get_annotations(cls)


def _plain(value):
    if isinstance(value, list):
        return tuple(value)
    return os.fsdecode(value) if isinstance(value, os.PathLike) else value


def _attributes(cls):
    """The section of a docstring that lists the settings."""
    entries = (f"{name}: {known_of(x).help}" for name, x in settings_of(cls).items())
    lines = (textwrap.fill(entry, 80, subsequent_indent="    ") for entry in entries)
    return "Attributes:\n" + textwrap.indent("\n".join(lines), "    ")
