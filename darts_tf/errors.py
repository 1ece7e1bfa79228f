"""Errors that a user can mend, and how a program ends with one."""

import reprlib
import sys
from typing import NoReturn

_SHORTENED = reprlib.Repr()
_SHORTENED.maxstring = _SHORTENED.maxother = 120


class UserError(ValueError):
    """Something in the input or the surroundings stops the work.

    The message is one line: what was wrong and what to do. Binaries print it
    without a traceback.

    Attributes:
        exit_code: Of the binary.
    """

    exit_code = 1


def end_program(name: str, error: Exception) -> NoReturn:
    """Ends a binary with one line that says what was wrong.

    Args:
        name: The binary.
        error: `UserError`, or another one whose message serves.
    """
    print(f"{name}: {printable(error)}", file=sys.stderr)
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
