"""What is known by its name: found in a package, or registered."""

import re
from collections import UserDict
from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar

from darts_tf.errors import invalid_value

Item = TypeVar("Item")


def check_identifier(name: object) -> None:
    """Raises a `ValueError` unless a name is a lower-case identifier."""
    if not isinstance(name, str) or not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise invalid_value("name", "a lower-case identifier", name)


class Registry(UserDict[str, Item]):
    """Items of one kind by their names, each of which one item has.

    An item that is made again, as by a cell of a notebook that is run again, takes the
    place of the one before it. It is known by its origin.

    Args:
        noun: The argument that errors speak of.
        kind: Class of the items, or the base class of items that are classes.
        of_classes: Whether the items are classes.
        name: Attribute of an item that is its name.
        origin: From an item to what tells it from another one of its name.

    Example:

    >>> import numbers
    >>> from fractions import Fraction
    >>> known = Registry("number", numbers.Number, True, "__name__", lambda item: None)
    >>> _ = known.register(Fraction)
    >>> known.known("Fraction")(3, 6)
    Fraction(1, 2)
    """

    def __init__(
        self,
        noun: str,
        kind: type,
        of_classes: bool = False,
        name: str = "name",
        origin: Callable[[Item], Any] = attrgetter("source"),
    ):
        super().__init__()
        self._noun, self._kind, self._of_classes = noun, kind, of_classes
        self._name, self._origin = name, origin

    def register(self, item: Item) -> Item:
        """Makes an item known by its name.

        Args:
            item: The item.

        Returns:
            The item.

        Raises:
            ValueError: If it is of another kind, or its name is that of an item of
                another origin.
        """
        self._check_kind(item)
        name = getattr(item, self._name)
        if self._origin(self.get(name, item)) != self._origin(item):
            expected = f"one of another name than {name}, which is taken"
            raise invalid_value(self._noun, expected, item)
        self[name] = item
        return item

    def _check_kind(self, item):
        kind = f"`{self._kind.__name__}`"
        if not self._of_classes:
            expected, is_one = f"a {kind}", isinstance(item, self._kind)
        else:
            expected = f"a subclass of {kind}"
            is_one = isinstance(item, type) and issubclass(item, self._kind)
        if not is_one:
            raise invalid_value(self._noun, expected, item)

    def known(self, name: str) -> Item:
        """Returns the item of a name, or raises a `ValueError` that lists all names."""
        if name not in self:
            raise invalid_value(self._noun, f"one of {', '.join(self.names())}", name)
        return self[name]

    def names(self) -> tuple[str, ...]:
        """Returns the names of all items, sorted."""
        return tuple(sorted(self))
