"""Costs by edges, and what is strongest within a cost, against all genotypes."""

import dataclasses
import functools
import itertools

import numpy as np
import pytest

from darts_tf.genotype.cells_genotype import genotype_of
from darts_tf.method.selections import AboveThreshold, FewSkips, StrongestPairs
from darts_tf.method.slots import Selection
from darts_tf.space import cell_choices
from darts_tf.space.cell_space import PAIRS
from darts_tf.space.search_space import SearchSpace
from darts_tf.spaces.registry import get_space
from tests.costs.toy_costs import toy_costs
from tests.long_cases import with_long

CASES = {
    "two edges": ("darts", Selection()),
    "pairs": ("darts", StrongestPairs()),
    "few skips": ("darts", FewSkips(1)),
    "all edges": ("nasbench201", Selection()),
    "nodes that no other reads": ("amoebanet", Selection()),
    "skips beside the operations": ("single_cell_all_skip", Selection()),
}
USUAL = ("two edges", "all edges", "skips beside the operations")


@functools.cache
def small_space(name):
    """The space of two nodes, with two operations that can be derived."""
    space = get_space(name).search_space(2)
    count = 3 if "none" in space.cells[0].operations else 2
    cells = (
        dataclasses.replace(cell, operations=cell.operations[:count])
        for cell in space.cells
    )
    return SearchSpace(space.name, tuple(cells))


@functools.cache
def all_cells(cell):
    """Those of a space of cells, of which each order of edges would be one more."""
    sizes = cell_choices.sizes(cell).values()
    options = itertools.product(*map(range, sizes))
    found = (cell_choices.decode(cell, x) for x in options)
    return {str([sorted(map(str, x)) for x in c.nodes]): c for c in found}.values()


def genotypes(space, selection):
    """All genotypes that a selection can choose, in some order of their edges."""
    cells = space.cells
    if isinstance(selection, StrongestPairs):
        cells = [dataclasses.replace(cell, edges_per_node=PAIRS) for cell in cells]
    for of_kinds in itertools.product(*map(all_cells, cells)):
        found = dict(zip(space.kinds, of_kinds))
        twice = any(len(set(node)) < len(node) for c in of_kinds for node in c.nodes)
        skips = found.get("normal") and found["normal"].count("skip_connect")
        if not twice and not (isinstance(selection, FewSkips) and skips > 1):
            yield genotype_of(found)


def strength(space, strengths, genotype):
    total = 0
    for kind, cell in genotype.cells.items():
        of_kind = space.of(kind)
        for node, edges in enumerate(cell.nodes):
            for edge in edges:
                row = of_kind.row(node, edge.source)
                column = of_kind.operations_of(row).index(edge.primitive)
                total += strengths[kind][row, column]
    return total


def random_strengths(space, seed=0):
    rng = np.random.default_rng(seed)
    return {kind: rng.uniform(size=x) for kind, x in space.alpha_shapes().items()}


@pytest.mark.parametrize("name", ["darts", "nasbench201", "amoebanet", "pnas"])
def test_the_sum_over_edges_is_the_cost(name):
    costs, space = toy_costs(name), get_space(name).search_space(3)
    rng = np.random.default_rng(3)
    for _ in range(5):
        genotype = space.sample(rng)
        by_edge = costs.by_edge(space, genotype)
        assert by_edge.of(space, genotype) == costs.of(genotype)


@pytest.mark.parametrize("case", with_long(CASES, USUAL))
def test_the_strongest_within_a_cost_is_that_of_all_genotypes(case):
    name, selection = CASES[case]
    costs, space = toy_costs(name), small_space(name)
    strengths = random_strengths(space)
    found = [
        (costs.of(x), strength(space, strengths, x), x)
        for x in genotypes(space, selection)
    ]
    all_costs = sorted({cost for cost, *_ in found})
    assert costs.attainable(space, selection) == (all_costs[0], all_costs[-1])
    for place in (0.0, 0.1, 0.3, 0.5, 0.8, 1.0):
        target = all_costs[int(place * (len(all_costs) - 1))]
        chosen = costs.strongest_within(space, selection, strengths, target)
        best = max(x for cost, x, _ in found if cost <= target)
        assert costs.of(chosen) <= target
        assert strength(space, strengths, chosen) == pytest.approx(best, rel=1e-12)
    assert chosen == selection.genotype(space, strengths)
    cheapest = costs.strongest_within(space, selection, strengths, all_costs[0] - 1)
    assert costs.of(cheapest) == all_costs[0]


def test_its_edges_are_in_the_order_of_strength():
    costs, space = toy_costs("darts"), small_space("darts")
    strengths = random_strengths(space, 4)
    least, most = costs.attainable(space, Selection())
    target = (least + most) / 2
    chosen = costs.strongest_within(space, Selection(), strengths, target)
    favoring = {kind: x.copy() for kind, x in strengths.items()}
    for kind, cell in chosen.cells.items():
        for node, edges in enumerate(cell.nodes):
            for edge in edges:
                row = space.of(kind).row(node, edge.source)
                column = space.of(kind).operations_of(row).index(edge.primitive)
                favoring[kind][row, column] += 10
    assert space.derive(favoring) == chosen


def test_a_threshold_makes_no_choice_within_a_cost():
    costs, space = toy_costs("darts"), small_space("darts")
    selection = AboveThreshold(0.5)
    strengths = random_strengths(space)
    genotype = selection.genotype(space, strengths)
    least, most = costs.attainable(space, selection)
    assert least < costs.of(genotype) <= most
    with pytest.raises(ValueError, match="selection"):
        costs.strongest_within(space, selection, strengths, least)
    nothing = {kind: np.zeros_like(x) for kind, x in strengths.items()}
    assert costs.of(selection.genotype(space, nothing)) >= least
