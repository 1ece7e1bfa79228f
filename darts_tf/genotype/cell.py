"""A cell of a genotype: its edges and outputs."""

import dataclasses
import re
from collections.abc import Iterable

from darts_tf.errors import invalid_value
from darts_tf.genotype.saved_genotype import BEST_GENOTYPE_FILE as BEST_GENOTYPE_FILE
from darts_tf.genotype.saved_genotype import MAX_JSON_LENGTH as MAX_JSON_LENGTH

_PRIMITIVE_NAME = re.compile(r"[a-z][a-z0-9_]*")


def _is_index(value: object) -> bool:
    # JSON's true is a bool, and a bool is an int: only a real int counts.
    return type(value) is int and value >= 0


def check_outputs(name: str, states: object, first: int, last: int) -> None:
    """Raises a `ValueError` unless `states` can be a cell's output.

    Args:
        name: What the error calls them.
        states: What should be a tuple of distinct states, at least one.
        first, last: The cell's first and last node.
    """
    if (
        not isinstance(states, tuple)
        or not states
        or not all(_is_index(state) and first <= state <= last for state in states)
        or len(set(states)) != len(states)
    ):
        raise invalid_value(
            name,
            f"one or more distinct nodes from {first} to {last} in a tuple",
            states,
        )


@dataclasses.dataclass(frozen=True)
class Edge:
    """One primitive applied to one earlier state of a cell.

    Args:
        primitive: Name of the primitive, for instance `"sep_conv_3x3"`: lower-case
            letters, digits and underscores, a letter first.
        source: Index of the state it reads. In a convolutional cell 0 is the output
            of the cell before the previous one, 1 that of the previous cell, and 2 and
            up are this cell's nodes in order; in a recurrent cell the nodes start at 1.

    Raises:
        ValueError: If the name or the index is malformed.
    """

    primitive: str
    source: int

    def __post_init__(self):
        name = self.primitive
        if not isinstance(name, str) or not _PRIMITIVE_NAME.fullmatch(name):
            raise invalid_value(
                "primitive",
                "a name of lower-case letters, digits and underscores such as "
                "'sep_conv_3x3'",
                name,
            )
        if not _is_index(self.source):
            raise invalid_value("source", "an integer from 0 up", self.source)

    def __str__(self):
        return f"{self.primitive}({self.source})"


@dataclasses.dataclass(frozen=True)
class Cell:
    """A directed acyclic graph of primitives with two input states.

    Args:
        nodes: `nodes[j]` holds the edges that are summed into state `j + 2`. The
            same source, or the same edge, may appear more than once.
        concat: The states, all of them nodes of this cell, that are concatenated
            into the output.

    Raises:
        ValueError: If a node has no edge or reads a state that does not come before
            it, or if `concat` is empty, repeats a state or names one that is no node.
    """

    nodes: tuple[tuple[Edge, ...], ...]
    concat: tuple[int, ...]

    def __post_init__(self):
        if not isinstance(self.nodes, tuple) or not self.nodes:
            raise invalid_value("nodes", "a tuple of one or more nodes", self.nodes)
        for state, node in enumerate(self.nodes, start=2):
            self._validate_node(state, node)
        check_outputs("concat", self.concat, 2, len(self.nodes) + 1)

    def _validate_node(self, state, node):
        name = f"nodes[{state - 2}]"
        if not isinstance(node, tuple) or not node:
            raise invalid_value(name, "a tuple of one or more edges", node)
        for edge in node:
            if not isinstance(edge, Edge):
                raise invalid_value(name, "a tuple of `Edge`", node)
            if edge.source >= state:
                raise invalid_value(
                    name, f"sources from 0 to {state - 1}, the states before it", node
                )

    @classmethod
    def from_lists(cls, nodes: Iterable, concat: Iterable[int]) -> "Cell":
        """Builds a cell from `(primitive, source)` pairs, in any kind of sequence.

        Args:
            nodes: A sequence of nodes, each a sequence of `(primitive, source)`.
            concat: The states that are concatenated into the output.

        Returns:
            The `Cell`.

        Raises:
            ValueError: As the constructor, and if the nesting is another one.
        """
        try:
            edges = tuple(tuple(Edge(*edge) for edge in node) for node in nodes)
        except TypeError as error:
            expected = "a list of nodes, each a list of [primitive, source] pairs"
            raise invalid_value("nodes", expected, nodes) from error
        if not isinstance(concat, Iterable):
            raise invalid_value("concat", "a list of states", concat)
        return cls(edges, tuple(concat))

    def __str__(self):
        lines = [
            f"node {state}: {' + '.join(map(str, node))}"
            for state, node in enumerate(self.nodes, start=2)
        ]
        return "\n".join([*lines, f"concat: {', '.join(map(str, self.concat))}"])
