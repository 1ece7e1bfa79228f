"""A cell of a genotype: its edges and outputs."""

import dataclasses
import re
from collections.abc import Iterable

from darts_tf.errors import invalid_value

OUTPUT_RULES = ("concat", "mean")

_PRIMITIVE_NAME = re.compile(r"[a-z][a-z0-9_]*")


def _is_index(value: object) -> bool:
    # JSON's true is a bool, and a bool is an int: only a real int counts.
    return type(value) is int and value >= 0


@dataclasses.dataclass(frozen=True)
class Edge:
    """One primitive applied to one earlier state of a cell.

    Args:
        primitive: Name of the primitive, for instance `"sep_conv_3x3"`: lower-case
            letters, digits and underscores, a letter first.
        source: Index of the state it reads. The inputs of the cell come first, then
            its nodes in order: in a convolutional cell 0 is the output of the cell
            before the previous one, 1 that of the previous cell, and 2 and up are
            nodes; in a recurrent cell the nodes start at 1.

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
    """A directed acyclic graph of primitives, of any kind of network.

    The states are the inputs, numbered from 0, and then the nodes. A node without
    edges does not exist: no edge and no output may name it.

    Args:
        nodes: `nodes[j]` holds the edges that are summed into state
            `j + num_inputs`. The same source, or the same edge, may appear more than
            once.
        outputs: The states of which the output is made; inputs may be among them.
        num_inputs: Number of input states.
        output_rule: `"concat"` or `"mean"`, how the output is made of `outputs`.

    Raises:
        ValueError: If a node reads a state that does not come before it or does not
            exist, or if `outputs` is empty, repeats a state or names one that does
            not exist.
    """

    nodes: tuple[tuple[Edge, ...], ...]
    outputs: tuple[int, ...]
    num_inputs: int = 2
    output_rule: str = "concat"

    def __post_init__(self):
        if not _is_index(self.num_inputs) or not self.num_inputs:
            raise invalid_value("num_inputs", "an integer from 1 up", self.num_inputs)
        if self.output_rule not in OUTPUT_RULES:
            expected = f"one of {', '.join(OUTPUT_RULES)}"
            raise invalid_value("output_rule", expected, self.output_rule)
        if not isinstance(self.nodes, tuple) or not self.nodes:
            raise invalid_value("nodes", "a tuple of one or more nodes", self.nodes)
        existing = set(range(self.num_inputs))
        for state, node in enumerate(self.nodes, start=self.num_inputs):
            self._check_node(state, node, existing)
            if node:
                existing.add(state)
        self._check_outputs(existing)

    def _check_node(self, state, node, existing):
        name = f"nodes[{state - self.num_inputs}]"
        if not isinstance(node, tuple):
            raise invalid_value(name, "a tuple of edges", node)
        for edge in node:
            if not isinstance(edge, Edge):
                raise invalid_value(name, "a tuple of `Edge`", node)
            if edge.source >= state:
                raise invalid_value(
                    name, f"sources from 0 to {state - 1}, the states before it", node
                )
            if edge.source not in existing:
                expected = f"other sources than {edge.source}, a node without edges"
                raise invalid_value(name, expected, node)

    def _check_outputs(self, existing):
        states = self.outputs
        if (
            not isinstance(states, tuple)
            or not states
            or not all(_is_index(state) and state in existing for state in states)
            or len(set(states)) != len(states)
        ):
            expected = (
                "one or more distinct inputs, or nodes that have edges, in a tuple: "
                f"of {', '.join(map(str, sorted(existing)))}"
            )
            raise invalid_value("outputs", expected, states)

    @classmethod
    def from_lists(
        cls,
        nodes: Iterable,
        outputs: Iterable[int],
        num_inputs: int = 2,
        output_rule: str = "concat",
    ) -> "Cell":
        """Builds a cell from `(primitive, source)` pairs, in any kind of sequence.

        Args:
            nodes: A sequence of nodes, each a sequence of `(primitive, source)`.
            outputs: The states of which the output is made.
            num_inputs: Number of input states.
            output_rule: How the output is made of `outputs`.

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
        if not isinstance(outputs, Iterable):
            raise invalid_value("outputs", "a list of states", outputs)
        return cls(edges, tuple(outputs), num_inputs, output_rule)

    def to_lists(self) -> list[list[list]]:
        """Returns the `[primitive, source]` pairs of each node, as JSON has them."""
        return [[[edge.primitive, edge.source] for edge in node] for node in self.nodes]

    @property
    def edges(self) -> tuple[Edge, ...]:
        """The edges of all nodes, in the order of the nodes."""
        return tuple(edge for node in self.nodes for edge in node)

    def count(self, primitive: str) -> int:
        """Returns on how many edges a primitive stands."""
        return sum(edge.primitive == primitive for edge in self.edges)

    def __str__(self):
        lines = [
            f"node {state}: {' + '.join(map(str, node)) or 'no edges'}"
            for state, node in enumerate(self.nodes, start=self.num_inputs)
        ]
        outputs = f"{self.output_rule}: {', '.join(map(str, self.outputs))}"
        return "\n".join([*lines, outputs])
