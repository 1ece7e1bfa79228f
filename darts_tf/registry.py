"""What is known by its name: found in a package, or registered."""

from collections import UserDict
from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar

from darts_tf.errors import invalid_value

Item = TypeVar("Item")


class Registry(UserDict[str, Item]):
    """Items by their names, each of which one item has.

    An item that is made again, as by a cell of a notebook that is run again, takes the
    place of the one before it. It is known by its origin.

    Args:
        noun: The argument that errors speak of.
        origin: From an item to what tells it from another one of its name.

    Example:

    >>> functions = Registry("function", origin=lambda function: function.__module__)
    >>> _ = functions.register("abs", abs)
    >>> functions.known("abs")(-2)
    2
    """

    def __init__(self, noun: str, origin: Callable[[Item], Any] = attrgetter("source")):
        super().__init__()
        self._noun = noun
        self._origin = origin

    def register(self, name: str, item: Item) -> Item:
        """Makes an item known by a name.

        Args:
            name: The name.
            item: The item.

        Returns:
            The item.

        Raises:
            ValueError: If the name is that of an item of another origin.
        """
        if self._origin(self.get(name, item)) != self._origin(item):
            expected = f"one of another name than {name}, which is taken"
            raise invalid_value(self._noun, expected, item)
        self[name] = item
        return item

    def known(self, name: str) -> Item:
        """Returns the item of a name, or raises a `ValueError` that lists all names."""
        if name not in self:
            raise invalid_value(self._noun, f"one of {', '.join(sorted(self))}", name)
        return self[name]
