"""Ways in which a genotype follows from the strengths of the operations."""

import dataclasses
from collections.abc import Mapping

import keras
import numpy as np
import tensorflow as tf

from darts_tf.errors import invalid_value
from darts_tf.genotype.cell import Cell, Edge
from darts_tf.genotype.cells_genotype import genotype_of
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.method.kept_operations import (
    are_candidates,
    kept_operations,
    share_of_largest,
)
from darts_tf.method.slots import PACKAGE, Selection
from darts_tf.space.cell_space import PAIRS, CellSpace
from darts_tf.space.derivation import derive_cell
from darts_tf.space.search_space import SearchSpace
from darts_tf.space.topology import SKIP

# Below all strengths, and finite, as those that a cell is derived from must be.
_STRUCK_OUT = np.finfo(np.float64).min


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class StrongestPairs(Selection):
    """The two strongest pairs of operation and source of each node (GDAS).

    Both may have the same source.
    """

    def genotype(
        self, space: SearchSpace, strengths: Mapping[str, np.ndarray]
    ) -> SavedGenotype:
        cells = (dataclasses.replace(c, edges_per_node=PAIRS) for c in space.cells)
        return SearchSpace(space.name, tuple(cells)).derive(strengths)

    def kept(
        self, space: CellSpace, strengths: tf.Tensor, temperature: float
    ) -> tf.Tensor:
        space = dataclasses.replace(space, edges_per_node=PAIRS)
        return kept_operations(space, strengths, temperature)


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class AboveThreshold(Selection):
    """Operations that are strong enough by themselves (FairDARTS).

    A node may lose edges. Without any it does not exist: no edge comes from it, and it
    is no output. A cell without any edge keeps its strongest one.

    Args:
        threshold: The least strength of an operation.
        operations_per_edge: 1: of those that DARTS takes, the strong ones. 2: on every
            edge up to two operations, the weaker first.

    Raises:
        ValueError: If `operations_per_edge` is another number.
    """

    threshold: float = 0.85
    operations_per_edge: int = 1

    def __post_init__(self):
        if self.operations_per_edge not in (1, 2):
            number = self.operations_per_edge
            raise invalid_value("operations_per_edge", "1 or 2", number)

    def genotype(
        self, space: SearchSpace, strengths: Mapping[str, np.ndarray]
    ) -> SavedGenotype:
        cells = {c.kind: self._cell(c, strengths[c.kind]) for c in space.cells}
        return genotype_of(cells)

    def kept(
        self, space: CellSpace, strengths: tf.Tensor, temperature: float
    ) -> tf.Tensor:
        """As of `Selection`; an operation stays if it is chosen and strong enough.

        A node exists with the probability that one of its edges does, as if these were
        independent, and an edge where its source exists; where no node does, there is
        the strongest edge from an input.
        """
        candidates = are_candidates(space)
        if self.operations_per_edge == 1:
            chosen = kept_operations(space, strengths, temperature)
        else:
            chosen = _strongest_two(candidates, strengths / temperature)
        chosen *= tf.sigmoid((strengths - self.threshold) / temperature)
        kept, existing = _without_lost_nodes(space, tf.unstack(chosen))
        from_input = [source < space.num_inputs for _, source in space.edges]
        first = tf.where(candidates & np.array(from_input)[:, None])
        strongest = tf.nn.softmax(tf.gather_nd(strengths, first) / temperature)
        no_node = tf.reduce_prod([1 - x for x in existing])
        return tf.tensor_scatter_nd_add(kept, first, no_node * strongest)

    def _cell(self, space, strengths):
        of_edge = {1: self._strongest, 2: self._two_an_edge}
        found = of_edge[self.operations_per_edge](space, strengths)
        return _cell_of_edges(space, found) or _strongest_edge(space, strengths)

    def _strongest(self, space, strengths):
        cell = derive_cell(space, strengths)
        return [
            [
                edge
                for edge in node_edges
                if strength_of(space, strengths, node, edge) >= self.threshold
            ]
            for node, node_edges in enumerate(cell.nodes)
        ]

    def _two_an_edge(self, space, strengths):
        nodes = []
        for node in range(space.num_nodes):
            edges = []
            for source in space.sources(node):
                candidates = [Edge(x, source) for x in space.candidates(node, source)]
                candidates.sort(key=lambda e: strength_of(space, strengths, node, e))
                edges += [
                    edge
                    for edge in candidates[-2:]
                    if strength_of(space, strengths, node, edge) >= self.threshold
                ]
            nodes.append(edges)
        return nodes


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class FewSkips(Selection):
    """DARTS' way, with a limit on skip connections in the normal cell (P-DARTS).

    While there are too many, the weakest of them is struck out and the cell is derived
    anew; its edge takes another operation, or its node another edge. What `kept` says
    knows nothing of the limit.

    Args:
        most: Largest number of skip connections.
        kind: The kind of cell that is limited.
    """

    most: int = 2
    kind: str = "normal"

    def genotype(
        self, space: SearchSpace, strengths: Mapping[str, np.ndarray]
    ) -> SavedGenotype:
        strengths = dict(strengths)
        if self.kind in space.kinds:
            of_kind = strengths[self.kind].astype(np.float64)
            strengths[self.kind] = self._with_few_skips(space.of(self.kind), of_kind)
        return space.derive(strengths)

    def _with_few_skips(self, space, strengths):
        for _ in range(strengths.shape[0] + 1):
            cell = derive_cell(space, strengths)
            skips = [
                (strength_of(space, strengths, node, edge), node, edge)
                for node, node_edges in enumerate(cell.nodes)
                for edge in node_edges
                if edge.primitive == SKIP
            ]
            if len(skips) <= self.most:
                return strengths
            _, node, edge = min(skips, key=lambda skip: skip[0])
            row = space.row(node, edge.source)
            column = space.operations_of(row).index(SKIP)
            strengths[row, column] = _STRUCK_OUT
        expected = f"one that leaves a {self.kind} cell of at most {self.most} skips"
        raise invalid_value("space", expected, space.all_operations)


def _strongest_two(candidates, logits):
    """The probability of each operation to be one of the strongest two on its edge."""
    rows = []
    for row, of_edge in zip(candidates, tf.unstack(logits)):
        places = tf.where(row)
        shares = share_of_largest(tf.gather_nd(of_edge, places), 2)
        rows.append(tf.scatter_nd(places, shares, tf.shape(of_edge, tf.int64)))
    return tf.stack(rows)


def _without_lost_nodes(space, chosen):
    """The same with edges from existing nodes alone, and how far each node exists."""
    existing = [tf.ones([], chosen[0].dtype)] * space.num_inputs
    kept = []
    for node in range(space.num_nodes):
        rows = [space.row(node, source) for source in space.sources(node)]
        of_node = [chosen[row] * x for row, x in zip(rows, existing)]
        kept += of_node
        existing.append(1 - tf.reduce_prod(1 - tf.stack(of_node)))
    return tf.stack(kept), existing[space.num_inputs :]


def strength_of(
    space: CellSpace, strengths: np.ndarray, node: int, edge: Edge
) -> float:
    """Returns the strength of an operation.

    Args:
        space: The space of the cell.
        strengths: Those of all operations, of shape `(edges, operations)`.
        node: The node, counted from 0.
        edge: An edge to it, with one of its operations.
    """
    row = space.row(node, edge.source)
    return strengths[row, space.operations_of(row).index(edge.primitive)]


def _cell_of_edges(space: CellSpace, nodes: list[list[Edge]]) -> Cell | None:
    """The cell of these edges without those from nodes that have none, if any is."""
    existing = set(range(space.num_inputs))
    kept = []
    for state, edges in enumerate(nodes, start=space.num_inputs):
        kept.append(tuple(edge for edge in edges if edge.source in existing))
        if kept[-1]:
            existing.add(state)
    outputs = tuple(
        state
        for state in range(space.num_inputs, space.num_inputs + space.num_nodes)
        if state in existing
    )
    if not outputs:
        return None
    return Cell(tuple(kept), outputs, space.num_inputs, space.output_rule)


def _strongest_edge(space: CellSpace, strengths: np.ndarray) -> Cell:
    """The cell of the one edge from an input that has the strongest operation."""
    edges = [
        (node, Edge(name, source))
        for node in range(space.num_nodes)
        for source in range(space.num_inputs)
        for name in space.candidates(node, source)
    ]
    node, edge = max(edges, key=lambda x: strength_of(space, strengths, *x))
    nodes = [[] for _ in range(space.num_nodes)]
    nodes[node].append(edge)
    return _cell_of_edges(space, nodes)
