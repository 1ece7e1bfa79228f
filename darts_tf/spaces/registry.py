"""The named spaces by their names.

Each module in `known` has some, which are found by themselves. A space that lies
elsewhere is registered.
"""

from darts_tf.errors import invalid_value
from darts_tf.plugins import modules_of
from darts_tf.spaces import known
from darts_tf.spaces.named_space import NamedSpace

_SPACES: dict[str, NamedSpace] = {}


def register_space(space: NamedSpace) -> NamedSpace:
    """Makes a space known by its name.

    Args:
        space: The space.

    Returns:
        The space.

    Raises:
        ValueError: If another space has its name.
    """
    other = _SPACES.get(space.name, space)
    # One of the same source is taken for the space itself, since a cell of a notebook
    # that is run again makes it again.
    if other.source != space.source:
        expected = f"a space of another name than {other.name}, which is taken"
        raise invalid_value("space", expected, space.name)
    _SPACES[space.name] = space
    return space


def get_space(name: str) -> NamedSpace:
    """Returns the space of a name, or raises a `ValueError`."""
    if name not in _SPACES:
        raise invalid_value("space", f"one of {', '.join(space_names())}", name)
    return _SPACES[name]


def space_names() -> tuple[str, ...]:
    """Returns the names of all spaces that are known, sorted."""
    return tuple(sorted(_SPACES))


def _find_spaces() -> None:
    for module in modules_of(known):
        for space in vars(module).values():
            if isinstance(space, NamedSpace):
                register_space(space)


_find_spaces()
