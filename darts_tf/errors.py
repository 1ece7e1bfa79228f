"""Errors that a user can mend, and how a program ends with one."""

import re
import reprlib
import sys
from collections.abc import Container
from typing import NoReturn

_SHORTENED = reprlib.Repr()
_SHORTENED.maxstring = _SHORTENED.maxother = 120
# A setting in a message: `seed`, or `cutout=False`.
_SETTING = re.compile(r"`(\w+)(?:=([^`]*))?`")
_LONGEST_VALUE = 500


class UserError(ValueError):
    """Something in the input or the surroundings stops the work.

    The message is one line: what was wrong and what to do. Binaries print it
    without a traceback.

    Attributes:
        exit_code: Of the binary.
    """

    exit_code = 1


class SettingError(UserError):
    """A setting, or an argument of a function, has a value that it must not have.

    Args:
        name: The setting.
        value: What it is.
        expected: What it may be, in words.
    """

    def __init__(self, name: str, value: object, expected: str):
        # All of them are the `args` of the error, which is pickled by these.
        super().__init__(name, value, expected)

    @property
    def expected(self) -> str:
        """What the value may be, in words."""
        return self.args[2]

    def __str__(self):
        name, value, expected = self.args
        several = isinstance(value, tuple | list)
        text = ",".join(map(str, value)) if several else str(value)
        if len(text) > _LONGEST_VALUE:
            text = f"{text[:_LONGEST_VALUE]}..."
        return f"`{name}`={text}: expected {expected}."


def as_flags(text: str, names: Container[str]) -> str:
    """Writes the settings that a text names as flags of a command line.

    A setting stands in backticks: of `` `seed`=3 `` comes `--seed=3`, of
    `` `stem=cifar` `` comes `--stem=cifar`, and of `` `flip=False` `` comes `--noflip`.

    Args:
        text: Message or help.
        names: The flags; what else stands in backticks is left alone.
    """

    def flag(match):
        name, value = match.groups()
        if name not in names:
            return match[0]
        if value in ("True", "False"):
            return f"--{name}" if value == "True" else f"--no{name}"
        return f"--{name}" if value is None else f"--{name}={value}"

    return _SETTING.sub(flag, text)


def end_program(
    name: str, error: Exception, flag_names: Container[str] = ()
) -> NoReturn:
    """Ends a binary with one line that says what was wrong.

    Args:
        name: The binary.
        error: `UserError`, or another one whose message serves.
        flag_names: Flags of the binary. The library names its arguments, which these
            are named after; they are printed as flags.
    """
    print(f"{name}: {as_flags(printable(error), flag_names)}", file=sys.stderr)
    sys.exit(getattr(error, "exit_code", 1))


def printable(value: object) -> str:
    r"""Returns the `str` of a value with escapes for all that is no visible character.

    Names from files may hold line breaks, the control characters of a terminal, or
    bytes that are not UTF-8: they come out as `\n`, `\x1b` or `\udcff`.
    """
    return "".join(
        character
        if character.isprintable()
        else character.encode("unicode_escape").decode()
        for character in str(value)
    )


def first_line(error: BaseException) -> str:
    """Returns the first line of what an error says, or its type if it says nothing."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def invalid_value(name: str, expected: str, received: object) -> ValueError:
    """Returns the error that refuses an argument, however long what came is.

    Args:
        name: The argument.
        expected: What it may be, in words.
        received: What came.
    """
    return ValueError(
        f"Received an invalid value for `{name}`, expected {expected}. "
        f"Received: {name}={shortened(received)}"
    )


def shortened(value: object) -> str:
    """Returns the `repr` of a value, cut to a length that fits into a message."""
    return _SHORTENED.repr(value)
