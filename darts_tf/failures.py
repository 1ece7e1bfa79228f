"""Failures of files, of memory and of TensorFlow as errors that a user can mend."""

import contextlib
import os
import re
from collections.abc import Iterator

import tensorflow as tf

from darts_tf.errors import UserError

# What the file system refuses reaches TensorFlow's callers as one of these, a lack of
# memory as the first. Its others tell of a mistake in the code, or of a lost worker.
_OF_SURROUNDINGS = (
    tf.errors.ResourceExhaustedError,
    tf.errors.NotFoundError,
    tf.errors.AlreadyExistsError,
    tf.errors.FailedPreconditionError,
    tf.errors.PermissionDeniedError,
    tf.errors.DataLossError,
    tf.errors.UnknownError,
)
_FULL = re.compile("No space left on device|Disk quota exceeded")
_MEMORY = re.compile("OOM|memory|allocat", re.IGNORECASE)
# What TensorFlow says before the reason: where in the code an operation was made.
_PREAMBLE = re.compile(
    r"\s*$|Graph execution error:|Detected at |<stack traces|\d+ root error"
    r"|\s+(?!\s*\(0\))"
)
# The same within a line: graph and operation, the first of several errors, and the step
# of a data pipeline.
_WHERE = re.compile(
    r"\{\{.*?\}\} | \[Op:.*|^\(0\) \w+: +"
    r"|Error in user-defined function passed to \S+ transformation with iterator: \S+: "
)


@contextlib.contextmanager
def failures_explained() -> Iterator[None]:
    """Turns what is no mistake in the code into a `UserError` of one line.

    Those are an `OSError`, a `MemoryError`, and TensorFlow's errors of files and of
    memory. All others stay as they are.
    """
    try:
        yield
    except OSError as error:
        raise _explained(_reason_of_system(error)) from error
    except MemoryError as error:
        raise _explained(f"Out of memory: {error}".removesuffix(": ")) from error
    except _OF_SURROUNDINGS as error:
        raise _explained(first_reason(error)) from error


def first_reason(error: tf.errors.OpError) -> str:
    """Returns the line of a TensorFlow error that says what went wrong.

    Without the operation that noticed it and the places in the code.
    """
    lines = str(error).splitlines()
    reasons = [line.strip() for line in lines if not _PREAMBLE.match(line)]
    if not reasons:
        return type(error).__name__
    return _WHERE.sub("", reasons[0])


def _reason_of_system(error):
    name, reason = error.filename2 or error.filename, error.strerror or str(error)
    if name is None:
        return reason
    return f"{os.fsdecode(name) if isinstance(name, bytes) else name}: {reason}"


def _explained(reason):
    advice = "When that is mended, give the same command again."
    if _FULL.search(reason):
        advice = "Make space there, then give the same command again."
    elif _MEMORY.search(reason):
        advice = (
            "Free memory, then give the same command again; or make the network or "
            "the batch smaller."
        )
    return UserError(f"{reason.removesuffix('.')}. {advice}")
