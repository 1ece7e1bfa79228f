"""The settings of parts: those that a user gives as text, and flags of these."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from darts_tf.errors import UserError
from darts_tf.protocol.config import ProtocolConfig
from darts_tf.protocol.programs import Program
from darts_tf.settings import is_tuple, kind_of, settings_of

_TRUTHS = {
    "true": True,
    "yes": True,
    "1": True,
    "false": False,
    "no": False,
    "0": False,
}
# What the protocol itself decides on.
_OWN = (
    "budget",
    "data_dir",
    "dataset",
    "devices",
    "evaluated",
    "genotype",
    "genotype_epoch",
    "half",
    "method",
    "order",
    "seed",
    "space",
    "weights",
)


def given_settings(
    config: ProtocolConfig, names: Sequence[str], program: Program
) -> dict[str, Any]:
    """Returns the settings that a user gives to the parts of a program.

    Args:
        config: The settings of the protocol.
        names: Those of them that are for these parts; the last one counts most. Of all
            but the last, settings that the program does not have are left out.
        program: The program.

    Raises:
        UserError: If one is no setting of the program, is decided on by the protocol
            or is no such value.
    """
    fields, values = settings_of(program.kind.Config), {}
    for name in names:
        texts = _pairs(name, getattr(config, name))
        if name != names[-1]:
            texts = {key: text for key, text in texts.items() if key in fields}
        for key, text in texts.items():
            if key not in fields:
                raise UserError(
                    f"`{name}`={key}={text}: {program.module} has no such setting."
                )
            values[key] = _value(name, fields[key], text)
    return values


def check_known(config: ProtocolConfig, name: str, programs: Iterable[Program]) -> None:
    """Refuses a setting that no program has.

    Args:
        config: The settings of the protocol.
        name: That of them which names settings of several programs.
        programs: The programs.

    Raises:
        UserError: If there is one.
    """
    known = {key for program in programs for key in settings_of(program.kind.Config)}
    for key in _pairs(name, getattr(config, name)):
        if key not in known:
            raise UserError(f"`{name}`={key}: no part has such a setting.")


def flags_of(settings: Mapping[str, Any]) -> list[str]:
    """Returns settings as a command line has them.

    Args:
        settings: The values by name.
    """
    return [_flag(name, value) for name, value in settings.items() if value is not None]


def _flag(name, value):
    if isinstance(value, bool):
        return f"--{name}" if value else f"--no{name}"
    text = ",".join(map(str, value)) if isinstance(value, tuple) else value
    return f"--{name}={text}"


def _pairs(name: str, texts: Sequence[str]) -> dict[str, str]:
    pairs = {}
    for text in texts:
        key, mark, value = text.partition("=")
        if not mark or not key:
            raise UserError(
                f"`{name}`={text}: expected a setting and its value, as layers=8."
            )
        if key in _OWN:
            raise UserError(f"`{name}`={text}: the protocol itself settles {key}.")
        pairs[key] = value
    return pairs


def _value(name: str, field: dataclasses.Field, text: str) -> Any:
    kind = kind_of(field)
    try:
        if is_tuple(field):
            return tuple(kind(item) for item in text.split(",") if item)
        return _TRUTHS[text.lower()] if kind is bool else kind(text)
    except (KeyError, ValueError) as error:
        raise UserError(
            f"`{name}`={field.name}={text}: {text!r} is no value of that setting."
        ) from error
