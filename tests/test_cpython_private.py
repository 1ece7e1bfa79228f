"""That CPython's frames are still what `darts_tf.cpython_private` takes them for."""

import resource
from concurrent.futures import ThreadPoolExecutor

from darts_tf.cpython_private import with_room_for_frames

_CALLS = 1000


def _pages_mapped(depth):
    """Pages that the system maps for a loop of calls at this depth of calls."""
    if depth:
        return _pages_mapped(depth - 1)
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    for _ in range(_CALLS):
        _nothing()
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before


def _nothing():
    pass


def _most_pages_mapped():
    return max(map(_pages_mapped, range(300)))


def test_calls_map_no_memory_where_there_is_room_for_frames():
    # In a thread of their own, whose first chunk of frames is a small one.
    with ThreadPoolExecutor(1) as thread:
        without_room = thread.submit(_most_pages_mapped).result()
        with_room = thread.submit(with_room_for_frames(_most_pages_mapped)).result()
    # Where this fails, Python keeps the chunk, and nobody needs room any more.
    assert without_room >= _CALLS
    assert with_room < _CALLS / 10


def test_a_function_with_room_for_frames_is_the_same():
    def divide(numerator, *, denominator=1):
        """Divides."""
        return numerator / denominator

    roomy = with_room_for_frames(divide)
    assert roomy(1, denominator=2) == 0.5
    assert (roomy.__name__, roomy.__doc__) == ("divide", "Divides.")
