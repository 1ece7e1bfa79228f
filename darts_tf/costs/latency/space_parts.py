"""The parts of all networks of a search space."""

import itertools
from typing import ClassVar

import numpy as np

from darts_tf.costs.cost_model import CostModel, NetworkPart
from darts_tf.costs.network_parts import CellWidth, DerivedNetwork
from darts_tf.costs.space_costs import SpaceCosts
from darts_tf.errors import UserError
from darts_tf.method.slots import Selection
from darts_tf.space.search_space import SearchSpace


def parts_of_space(
    network: DerivedNetwork, space: SearchSpace, fewer_outputs: bool = False
) -> set[NetworkPart]:
    """Returns what the networks of a space are made of, each part once.

    They are those whose cost a search asks for: every operation on every edge, beside
    all numbers of outputs that cells can have. What comes with a choice of several
    edges alone comes from genotypes that are drawn, one for each option of each choice.

    Args:
        network: The network.
        space: The genotypes.
        fewer_outputs: Whether cells may also have fewer outputs than those of the
            space, as a choice by a threshold leaves them.

    Raises:
        UserError: If there is no choosing of cells but by their derivation.
    """
    asked = _AskedParts()
    costs = SpaceCosts(network, asked)
    costs.attainable(space, Selection())
    if fewer_outputs:
        for widths in _widths(space):
            costs.by_widths(space, widths)
    for genotype in _drawn(space):
        asked.of_parts(network.parts(genotype))
    return asked.parts


class _AskedParts(CostModel):
    """Remembers the parts whose cost is asked for."""

    name: ClassVar = "parts"
    unit: ClassVar = "parts"

    def __init__(self):
        self.parts: set[NetworkPart] = set()

    def of_part(self, part: NetworkPart) -> float:
        self.parts.add(part)
        return 1.0


def _widths(space):
    """All numbers of outputs up to that of the nodes, in all combinations."""
    return itertools.product(
        *(
            [(x.kind, CellWidth(x.num_inputs, n + 1)) for n in range(x.num_nodes)]
            for x in space.cells
        )
    )


def _drawn(space):
    """Draws a genotype for each option of each choice."""
    try:
        sizes = list(space.choices().values())
    except ValueError as error:
        reason = f"The cells of {space.name} cannot be drawn ({error})."
        raise UserError(reason) from error
    rng = np.random.default_rng(0)
    for choice, size in enumerate(sizes):
        for option in range(size):
            options = rng.integers(sizes)
            options[choice] = option
            yield space.decode(options.tolist())
