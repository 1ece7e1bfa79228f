"""Operations that are not made twice where a primitive is run again.

A primitive that runs in lockstep with others does so from its start for each of its
normalizations. What it has computed before would leave the graph again, but only after
TensorFlow has made it.
"""

import contextlib
import contextvars
import functools
from collections.abc import Callable, Iterator

import tensorflow as tf

_memory = contextvars.ContextVar("memory", default=None)


@contextlib.contextmanager
def remembering() -> Iterator[None]:
    """Within, `remembered` functions return what they returned before."""
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)


def remembered(function: Callable) -> Callable:
    """Lets a function be called once for the same tensors and other arguments."""

    @functools.wraps(function)
    def call(*arguments, **named):
        memory = _memory.get()
        if memory is None:
            return function(*arguments, **named)
        places = [*arguments, *named.values()]
        key = (function, *(id(x) if tf.is_tensor(x) else x for x in places), *named)
        if key not in memory:
            # With the tensors, so that no other gets the number of one.
            memory[key] = (function(*arguments, **named), places)
        return memory[key][0]

    return call
