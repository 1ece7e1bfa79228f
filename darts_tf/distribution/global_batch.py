"""Sums over the replicas that share a batch."""

import contextlib
import contextvars
from collections.abc import Callable, Iterator

import tensorflow as tf

_total = contextvars.ContextVar("total", default=None)


@contextlib.contextmanager
def across(total: Callable[[tf.Tensor], tf.Tensor]) -> Iterator[None]:
    """Within, batch normalization in training is over all replicas.

    Args:
        total: Differentiable function that sums a tensor over the replicas.
    """
    token = _total.set(total)
    try:
        yield
    finally:
        _total.reset(token)


def is_on() -> bool:
    """Whether this is called within `across`."""
    return _total.get() is not None


def total(x: tf.Tensor) -> tf.Tensor:
    """Sums a tensor over the replicas, by the function that `across` was given."""
    return _total.get()(x)
