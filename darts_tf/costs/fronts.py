"""The cells of a space that no other one surpasses: cheaper and as strong.

A cell's cost and strength are sums over its edges, and the nodes choose their edges
independently of each other, so that the cells that count are found node by node: of two
choices for the nodes so far that leave the rest of the cell the same freedom, the one
is forgotten that costs no less and is no stronger. Nothing is rounded: what is found is
what the enumeration of all cells would find.
"""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from darts_tf.genotype.cell import Cell
from darts_tf.space.cell_space import ALL, PAIRS, UNUSED, CellSpace, Place
from darts_tf.space.topology import SKIP


class Front(NamedTuple):
    """Choices of which none surpasses another, in the order of their costs.

    Attributes:
        costs: Their costs, shape `(choices,)`, each larger than the one before.
        strengths: Sums of their strengths, likewise.
        item: Function of the number of a choice that returns it, a tuple.
    """

    costs: np.ndarray
    strengths: np.ndarray
    item: Callable[[int], tuple[Any, ...]]


def front_of(costs: Any, strengths: Any, items: Callable[[int], tuple]) -> Front:
    """Returns the front of choices, of which equal ones leave the first.

    Args:
        costs, strengths: Of each choice.
        items: Function of the number of a choice that returns it, a tuple.
    """
    costs, strengths = (np.asarray(x, np.float64) for x in (costs, strengths))
    order = np.lexsort((-strengths, costs))
    ordered = strengths[order]
    before = np.maximum.accumulate(np.concatenate([[-np.inf], ordered[:-1]]))
    kept = order[ordered > before]
    return Front(costs[kept], strengths[kept], lambda index: items(kept[index]))


def joined(first: Front, second: Front) -> Front:
    """Returns the front of one choice of each of two, whose costs are added."""
    size = len(second.costs)
    costs = first.costs[:, None] + second.costs
    strengths = first.strengths[:, None] + second.strengths

    def items(index):
        one, other = divmod(int(index), size)
        return first.item(one) + second.item(other)

    return front_of(costs.reshape(-1), strengths.reshape(-1), items)


def strongest_of_both(
    first: Front, second: Front, most: float
) -> tuple[float, tuple[Any, ...]] | None:
    """Returns the strongest choice of one of each of two that costs no more.

    Args:
        first, second: The fronts.
        most: The largest cost.

    Returns:
        Its strength and its item, or `None` if all cost more.
    """
    counts = np.searchsorted(second.costs, most - first.costs, side="right")
    if not counts.any():
        return None
    strengths = first.strengths + second.strengths[counts - 1]
    best = int(np.where(counts > 0, strengths, -np.inf).argmax())
    item = first.item(best) + second.item(int(counts[best]) - 1)
    return float(strengths[best]), item


def united(fronts: Iterable[Front]) -> Front:
    """Returns the front of the choices of several."""
    fronts = list(fronts)
    if len(fronts) == 1:
        return fronts[0]
    places = [(front, n) for front in fronts for n in range(len(front.costs))]

    def items(index):
        front, number = places[index]
        return front.item(number)

    return front_of(
        np.concatenate([front.costs for front in fronts]),
        np.concatenate([front.strengths for front in fronts]),
        items,
    )


# The front of the empty choice alone.
NOTHING = front_of([0.0], [0.0], lambda index: ())


class _State(NamedTuple):
    """What the rest of a cell depends on: the nodes that are read, and the skips."""

    read: frozenset[int] = frozenset()
    skips: int = 0


class CellFronts:
    """The cells of a space that none surpasses, by the width of their outputs.

    Args:
        space: The cells.
        costs, strengths: Of each operation on each edge, shape `(edges, operations)`.
        most_skips: Largest number of skip connections, or `None`.
    """

    def __init__(
        self,
        space: CellSpace,
        costs: np.ndarray,
        strengths: np.ndarray,
        most_skips: int | None = None,
    ):
        self.space, self.most_skips = space, most_skips
        self._costs, self._strengths = costs, strengths
        states = {_State(): NOTHING}
        for node in range(space.num_nodes):
            states = self._with_node(states, node)
        by_width = defaultdict(list)
        for state, front in states.items():
            by_width[self._width(state)].append(front)
        self.by_width: Mapping[int, Front] = {
            width: united(fronts) for width, fronts in by_width.items()
        }

    def _width(self, state):
        space = self.space
        if space.output_rule == "mean":
            return 1
        if space.outputs == UNUSED:
            return space.num_nodes - len(state.read)
        return space.num_nodes if space.outputs == ALL else space.outputs

    def _with_node(self, states, node):
        """Adds a node to all choices for those before it, in all ways."""
        found = defaultdict(list)
        for own, of_node in self._of_node(node):
            for state, front in states.items():
                after = _State(state.read | own.read, state.skips + own.skips)
                if self.most_skips is None or after.skips <= self.most_skips:
                    found[after].append(joined(front, of_node))
        return {state: united(fronts) for state, fronts in found.items()}

    def _of_node(self, node):
        """Pairs of a state and the front of the node's choices that lead to it.

        An item is the tuple of the node's places, in one tuple.
        """
        fronts = defaultdict(list)
        for sources in self._sources(node):
            read = frozenset()
            if self.space.outputs == UNUSED:
                read = frozenset(s for s in sources if s >= self.space.num_inputs)
            for skips, front in self._of_edges(node, sources).items():
                fronts[_State(read, skips)].append(front)
        return [(state, _as_node(united(x))) for state, x in fronts.items()]

    def _sources(self, node):
        """The sources of the node's edges, in all ways."""
        sources, count = self.space.sources(node), self.space.num_places(node)
        if self.space.edges_per_node == PAIRS:
            return itertools.combinations_with_replacement(sources, count)
        return itertools.combinations(sources, count)

    def _of_edges(self, node, sources):
        """Fronts of the operations on edges from these sources, by number of skips."""
        if len(set(sources)) < len(sources):
            return self._of_one_source(node, sources[0])
        found = {0: NOTHING}
        for source in sources:
            longer = defaultdict(list)
            for own, of_edge in self._of_edge(node, source).items():
                for skips, front in found.items():
                    longer[skips + own].append(joined(front, of_edge))
            found = {skips: united(fronts) for skips, fronts in longer.items()}
        return found

    def _of_edge(self, node, source):
        return self._of_choices(node, [(x,) for x in self._places(node, source)])

    def _of_one_source(self, node, source):
        """As `_of_edges`, of two different operations from the same source."""
        pairs = itertools.combinations(self._places(node, source), 2)
        return self._of_choices(node, [*pairs])

    def _of_choices(self, node, choices):
        """Fronts of some choices of places, by number of skips."""
        by_skips = defaultdict(list)
        for choice in choices:
            names = [self.space.candidates(node, s)[p] for s, p in choice]
            is_counted = self.most_skips is not None
            by_skips[names.count(SKIP) if is_counted else 0].append(choice)
        return {
            skips: front_of(
                [self._sum(self._costs, node, x) for x in of_number],
                [self._sum(self._strengths, node, x) for x in of_number],
                of_number.__getitem__,
            )
            for skips, of_number in by_skips.items()
        }

    def _places(self, node: int, source: int) -> list[Place]:
        return [(source, p) for p in range(len(self.space.candidates(node, source)))]

    def _sum(self, array, node, places):
        return sum(array[self._index(node, place)] for place in places)

    def _index(self, node, place):
        row = self.space.row(node, place[0])
        name = self.space.candidates(node, place[0])[place[1]]
        return row, self.space.operations_of(row).index(name)

    def cell(self, nodes: Sequence[Sequence[Place]]) -> Cell:
        """Builds the cell of an item of a front.

        Each node's edges are in the order of their strengths, or of their sources where
        the space keeps all, as in a derived cell.

        Args:
            nodes: The places of each node.
        """
        if self.space.edges_per_node != ALL:
            nodes = [
                sorted(places, key=lambda x: -self._strengths[self._index(node, x)])
                for node, places in enumerate(nodes)
            ]
        return self.space.cell_of(nodes)


def _as_node(front):
    """The same front, with each item in a tuple of its own."""
    return front._replace(item=lambda index: (front.item(index),))
