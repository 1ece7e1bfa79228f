"""The kind of device that graphs are traced for."""

import contextlib
from collections.abc import Iterator

import tensorflow as tf

_supposed = False


def traces_for_gpu() -> bool:
    """Whether the graphs that are traced here are to run on a GPU.

    Does not settle the logical devices, so that it can be asked before they are.
    """
    return _supposed or bool(tf.config.get_visible_devices("GPU"))


@contextlib.contextmanager
def supposed_gpu() -> Iterator[None]:
    """Within, graphs are traced as on a machine with a GPU.

    They can be counted, and compiled for a GPU that is elsewhere. A CPU, too, computes
    the same numbers with them, in more time.
    """
    global _supposed
    before, _supposed = _supposed, True
    try:
        yield
    finally:
        _supposed = before
