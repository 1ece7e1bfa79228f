"""What this project does to CPython's frames, which Python does not define.

It was tried with CPython 3.11; `tests/test_cpython_private.py` fails where it has no
effect any more.
"""

import functools
from collections.abc import Callable


def with_room_for_frames(function: Callable) -> Callable:
    """Gives a function a frame so large that those of all it calls are in one piece.

    CPython keeps frames in chunks of 16 KB. The call that does not fit in one opens
    the next, and its return closes that again. If the innermost loops of tracing lie
    at the end of a chunk, the system maps and unmaps memory for each of a hundred
    thousand calls: a fifth of the time that a search step is traced for. A chunk is
    larger where one frame asks for more, and what that leaves is for the next frames.
    """

    @functools.wraps(function)
    def call(*args, **kwargs):
        return function(*args, **kwargs)

    # In words of 8 bytes; the chunk is 1 MB.
    call.__code__ = call.__code__.replace(co_stacksize=1 << 16)
    return call
