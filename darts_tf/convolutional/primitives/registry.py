"""The primitives by their names."""

import re

from darts_tf.convolutional.primitives.base import Primitive
from darts_tf.errors import invalid_value

_REGISTRY = {}


def register_primitive(name: str, primitive: Primitive) -> None:
    """Makes `primitive` known as `name`, in genotypes, networks and flags.

    Args:
        name: Lower-case identifier.
        primitive: Instance of `Primitive`.

    Raises:
        ValueError: If the name is no identifier or already taken.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise invalid_value("name", "a lower-case identifier", name)
    if name in _REGISTRY:
        raise invalid_value("name", "one that is not registered yet", name)
    if not isinstance(primitive, Primitive):
        raise invalid_value("primitive", "an instance of `Primitive`", primitive)
    _REGISTRY[name] = primitive


def get_primitive(name: str) -> Primitive:
    """Returns the primitive registered as `name`, or raises a `ValueError`."""
    if name not in _REGISTRY:
        raise ValueError(
            "Received an unknown primitive, expected one of "
            f"{', '.join(_REGISTRY)}. Received: {name!r}."
        )
    return _REGISTRY[name]


def primitive_names() -> tuple[str, ...]:
    """Returns the names of all primitives that are registered, sorted."""
    return tuple(sorted(_REGISTRY))
