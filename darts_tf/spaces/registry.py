"""The named spaces by their names.

Each module in `known` has some, which are found by themselves. A space that lies
elsewhere is registered.
"""

from darts_tf.plugins import instances_in, modules_of
from darts_tf.registry import Registry
from darts_tf.spaces import known
from darts_tf.spaces.named_space import NamedSpace

_SPACES: Registry[NamedSpace] = Registry("space", NamedSpace)


def register_space(space: NamedSpace) -> NamedSpace:
    """Makes a space known by its name.

    Args:
        space: The space.

    Returns:
        The space.

    Raises:
        ValueError: If it is none, or another space has its name.
    """
    return _SPACES.register(space)


def get_space(name: str) -> NamedSpace:
    """Returns the space of a name, or raises a `ValueError`."""
    return _SPACES.known(name)


def space_names() -> tuple[str, ...]:
    """Returns the names of all spaces that are known, sorted."""
    return _SPACES.names()


for _space in instances_in(modules_of(known), NamedSpace):
    register_space(_space)
