"""Cells that grow node by node, as rows of options (PNAS, arXiv 1712.00559, section 4).

A cell has all nodes of its space from the beginning. Those that it has not grown yet
pass on the state before them, as far as the space allows: in NAS-Bench-201 the cell
then computes what one of fewer nodes would.
"""

import math
from collections.abc import Sequence

import numpy as np

from darts_tf.space.cell_space import ALL, PAIRS, CellSpace
from darts_tf.space.search_space import SearchSpace
from darts_tf.space.topology import NONE, SKIP

# Operations that pass a state on, the first that is there counts.
_PASSING = (SKIP, "identity")


class Growth:
    """The steps in which the cells of a space grow, a node of one kind each.

    The nodes come in order, and at each the kinds in turn.

    Args:
        space: The `SearchSpace`.

    Attributes:
        seedling: Row of options of the cells without any grown node.
        steps: For each step the slice of the options that belong to its node.
    """

    def __init__(self, space: SearchSpace):
        self._sizes = tuple(space.choices().values())
        options, slices = [], {}
        for order, cell in enumerate(space.cells):
            for node in range(cell.num_nodes):
                first = len(options)
                options += _passing_node(cell, node)
                slices[node, order] = slice(first, len(options))
        self.seedling = tuple(options)
        self.steps = tuple(slices[place] for place in sorted(slices))

    def grown(
        self,
        rows: Sequence[Sequence[int]],
        step: int,
        most: int,
        rng: np.random.Generator,
    ) -> np.ndarray:
        """Returns rows with every node that a step can give them, or some of these.

        Args:
            rows: Rows of options.
            step: Index of the step.
            most: The largest number of new rows; where there are more, so many of them
                are drawn.
            rng: The source of randomness.

        Returns:
            Options, of shape `(new rows, choices)`, each row once.
        """
        place = self.steps[step]
        stems = np.array(rows)
        stems[:, place] = 0
        stems = np.unique(stems, axis=0)
        sizes = self._sizes[place]
        nodes = math.prod(sizes)
        total = len(stems) * nodes
        if total > most:
            numbers = np.sort(rng.choice(total, most, replace=False))
        else:
            numbers = np.arange(total)
        found = stems[numbers // nodes]
        found[:, place] = np.stack(np.unravel_index(numbers % nodes, sizes), axis=1)
        return found


def _passing_node(space: CellSpace, node: int) -> list[int]:
    """Returns the options of a node that passes on the state before it."""
    left, options = list(space.sources(node)), []
    if space.edges_per_node == ALL:
        for source in left:
            wanted = _PASSING if source == left[-1] else (NONE, *_PASSING)
            options.append(_first_of(wanted, space.candidates(node, source)))
        return options
    for _ in range(space.num_places(node)):
        # The latest state that is left has the last rank.
        options.append(len(left) - 1)
        source = left[-1] if space.edges_per_node == PAIRS else left.pop()
        options.append(_first_of(_PASSING, space.candidates(node, source)))
    return options


def _first_of(wanted, names):
    return next((names.index(name) for name in wanted if name in names), 0)
