"""Where derivatives are taken by gradient tapes of which one is within another."""

import contextlib
import contextvars
from collections.abc import Iterator

_open = contextvars.ContextVar("open", default=False)


@contextlib.contextmanager
def opened() -> Iterator[None]:
    """Within, nothing may be used that can be differentiated only once.

    That is so of a `tf.custom_gradient` in a traced function.
    """
    token = _open.set(True)
    try:
        yield
    finally:
        _open.reset(token)


def are_open() -> bool:
    """Whether this is called within `opened`."""
    return _open.get()
