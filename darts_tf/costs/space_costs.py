"""The costs of the genotypes of a search on images."""

import dataclasses
import functools
import itertools
import math
from collections.abc import Iterator, Mapping

import numpy as np

from darts_tf.costs.cost_model import CostModel
from darts_tf.costs.fronts import NOTHING, CellFronts, joined, strongest_of_both
from darts_tf.costs.network_parts import (
    CellWidth,
    DerivedNetwork,
    Widths,
    known_kind,
    widths_of,
)
from darts_tf.errors import invalid_value
from darts_tf.genotype.cells_genotype import genotype_of
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.method.architecture_cost import EdgeCosts, GenotypeCosts
from darts_tf.method.selections import AboveThreshold, FewSkips, StrongestPairs
from darts_tf.method.slots import Selection
from darts_tf.space.cell_space import ALL, PAIRS, UNUSED, CellSpace
from darts_tf.space.search_space import SearchSpace
from darts_tf.space.topology import SKIP


class SpaceCosts(GenotypeCosts):
    """What the networks of genotypes cost by a `CostModel`, in its counts.

    Args:
        network: The `DerivedNetwork`.
        model: The `CostModel`.
    """

    def __init__(self, network: DerivedNetwork, model: CostModel):
        self.network, self.model = network, model
        self.unit = model.unit
        self._found: dict[tuple[SearchSpace, Widths], EdgeCosts] = {}

    def of(self, genotype: SavedGenotype) -> float:
        return self.model.of_parts(self.network.parts(genotype))

    def in_units(self, cost: float) -> float:
        return self.model.in_units(cost)

    def by_edge(self, space: SearchSpace, genotype: SavedGenotype) -> EdgeCosts:
        return self.by_widths(space, widths_of(genotype))

    def by_widths(self, space: SearchSpace, widths: Widths) -> EdgeCosts:
        """Returns the `EdgeCosts` of the networks of cells of some widths.

        Args:
            space: The cells, of which each may have any in the place of its own.
            widths: Those of the cells' outputs.
        """
        key = (space, widths)
        if key not in self._found:
            layout = self.network.layout_of(widths)
            operations = {cell.kind: np.zeros(cell.alpha_shape) for cell in space.cells}
            for place in layout.places:
                kind = known_kind(space.kinds, place.kind)
                operations[kind] += self._in_place(place, space.of(kind))
            fixed = self.model.of_parts(layout.fixed)
            self._found[key] = EdgeCosts(fixed, operations)
        return self._found[key]

    def _in_place(self, place, space):
        """What each operation costs on each edge of the cell in one place."""
        has_skips = self.network.space.auxiliary_skip
        costs = np.zeros(space.alpha_shape)
        for row, (_, source) in enumerate(space.edges):
            beside = place.operation(SKIP, source) if has_skips else None
            for column, name in enumerate(space.operations_of(row)):
                costs[row, column] = self.model.of_part(place.operation(name, source))
                costs[row, column] += self.model.of_part(beside) if beside else 0
        return costs

    def attainable(
        self, space: SearchSpace, selection: Selection
    ) -> tuple[float, float]:
        """Returns the costs of the cheapest and of the dearest genotype.

        The latter is infinite where two operations an edge can stay.

        Args:
            space: The search space.
            selection: What chooses genotypes.
        """
        if not isinstance(selection, AboveThreshold):
            least, most = (self._extreme(space, selection, sign) for sign in (1, -1))
            return least, most
        is_one = selection.operations_per_edge == 1
        most = self._extreme(space, Selection(), -1) if is_one else math.inf
        return self._cheapest_edge(space), most

    def _extreme(self, space, selection, sign):
        """The least cost of all genotypes, or for the sign -1 the largest one."""
        nothing = {cell.kind: np.zeros(cell.alpha_shape) for cell in space.cells}
        signed = [
            sign * fixed + sum(float(front.costs[0]) for _, front in of_kinds)
            for fixed, of_kinds in self._fronts(space, selection, nothing, sign)
        ]
        return sign * min(signed)

    def strongest_within(
        self,
        space: SearchSpace,
        selection: Selection,
        strengths: Mapping[str, np.ndarray],
        target: float,
    ) -> SavedGenotype:
        """As of `GenotypeCosts`, exactly, see `CellFronts`.

        Raises:
            ValueError: If the selection is by a threshold, which makes no choice
                between genotypes.
        """
        genotype = selection.genotype(space, strengths)
        if self.of(genotype) <= target:
            return genotype
        best = None
        for fixed, of_kinds in self._fronts(space, selection, strengths):
            *others, last = [front for _, front in of_kinds]
            first = functools.reduce(joined, others, NOTHING)
            found = strongest_of_both(first, last, target - fixed)
            if found and (best is None or found[0] > best[0]):
                best = (*found, [fronts for fronts, _ in of_kinds])
        if best is None:
            least, _ = self.attainable(space, selection)
            # A little more, since the order of a sum decides its last bits.
            least *= 1 + 1e-9
            return self.strongest_within(space, selection, strengths, least)
        _, nodes, of_kinds = best
        nodes, cells = iter(nodes), {}
        for fronts in of_kinds:
            of_cell = itertools.islice(nodes, fronts.space.num_nodes)
            cells[fronts.space.kind] = fronts.cell([*of_cell])
        return genotype_of(cells)

    def _fronts(self, space, selection, strengths, sign=1):
        """For all widths of cells the fixed cost, and what no cell surpasses.

        The latter is a list of the `CellFronts` of each kind of cell and of the front
        of those that have this width.
        """
        for widths in _all_widths(space):
            costs, of_kinds = self.by_widths(space, widths), []
            for cell, (kind, width) in zip(space.cells, widths):
                fronts = CellFronts(
                    _chosen_from(cell, selection),
                    sign * costs.operations[kind],
                    strengths[kind],
                    _most_skips(selection, kind),
                )
                if width.outputs in fronts.by_width:
                    of_kinds.append((fronts, fronts.by_width[width.outputs]))
            if len(of_kinds) == len(widths):
                yield costs.fixed, of_kinds

    def _cheapest_edge(self, space):
        """The cost of one edge from an input in each cell, the cheapest one."""
        widths = tuple((c.kind, CellWidth(c.num_inputs, 1)) for c in space.cells)
        costs = self.by_widths(space, widths)
        total = costs.fixed
        for cell in space.cells:
            total += min(
                costs.operations[cell.kind][row, cell.operations_of(row).index(name)]
                for row, (node, source) in enumerate(cell.edges)
                if source < cell.num_inputs
                for name in cell.candidates(node, source)
            )
        return total


def _all_widths(space: SearchSpace) -> Iterator[Widths]:
    """The widths that the cells of a space can have, in all combinations."""
    of_kinds = (
        [(cell.kind, CellWidth(cell.num_inputs, outputs)) for outputs in _outputs(cell)]
        for cell in space.cells
    )
    return itertools.product(*of_kinds)


def _outputs(cell):
    if cell.output_rule == "mean":
        return [1]
    if cell.outputs == UNUSED:
        return range(1, cell.num_nodes + 1)
    return [cell.num_nodes if cell.outputs == ALL else cell.outputs]


def _chosen_from(cell: CellSpace, selection: Selection) -> CellSpace:
    """The cells that a selection chooses from."""
    if isinstance(selection, AboveThreshold):
        expected = "one that chooses between genotypes, not by a threshold"
        raise invalid_value("selection", expected, selection)
    is_pairs = isinstance(selection, StrongestPairs)
    return dataclasses.replace(cell, edges_per_node=PAIRS) if is_pairs else cell


def _most_skips(selection, kind):
    is_limited = isinstance(selection, FewSkips) and kind == selection.kind
    return selection.most if is_limited else None
