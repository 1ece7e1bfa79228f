"""A cell as a flat row of independent choices, for sampling, evolution and tuners.

Every combination of options is a cell of the space, and every cell is exactly one of
them. Where the edges of a node are from different states, each state is chosen by its
rank among those that the edges before it have left.
"""

import functools
from collections.abc import Sequence

import numpy as np

from darts_tf.errors import invalid_value
from darts_tf.genotype.cell import Cell
from darts_tf.space.cell_space import ALL, PAIRS, CellSpace


def sizes(space: CellSpace) -> dict[str, int]:
    """Returns the number of options of each choice, by its name.

    Args:
        space: The space of the cell.

    Raises:
        ValueError: If edges that a node chooses from differ in the number of operations
            that they can have in a cell, as those can of which some have `none`.
    """
    return dict(_sizes(space))


# Those of one space are asked for with every cell that is decoded.
@functools.lru_cache(maxsize=256)
def _sizes(space):
    if space.edges_per_node != ALL:
        _check_equal_edges(space)
    numbers = {}
    for node in range(space.num_nodes):
        for place in range(space.num_places(node)):
            name = f"{space.kind}/node_{node}/edge_{place}"
            if space.edges_per_node != ALL:
                taken = 0 if space.edges_per_node == PAIRS else place
                numbers[f"{name}/source"] = len(space.sources(node)) - taken
            source = place if space.edges_per_node == ALL else 0
            numbers[f"{name}/operation"] = len(space.candidates(node, source))
    return numbers


def encode(space: CellSpace, cell: Cell) -> list[int]:
    """Returns the options that make up a cell, in the order of `sizes`.

    Raises:
        ValueError: If the cell is none of the space.
    """
    options = []
    for node, places in enumerate(space.places_of(cell)):
        left = list(space.sources(node))
        for source, position in places:
            if space.edges_per_node != ALL:
                options.append(left.index(source))
            if _each_once(space):
                left.remove(source)
            options.append(position)
    return options


def decode(space: CellSpace, options: Sequence[int]) -> Cell:
    """Returns the cell that `encode` gave these options.

    Raises:
        ValueError: If an option is missing, too many or beyond its choice.
    """
    expected = sizes(space)
    if len(options) != len(expected):
        raise invalid_value("options", f"{len(expected)} integers", options)
    for option, (name, size) in zip(options, expected.items()):
        if not 0 <= option < size or int(option) != option:
            raise invalid_value(name, f"an integer from 0 to {size - 1}", option)
    rest = iter(map(int, options))
    nodes = []
    for node in range(space.num_nodes):
        left, places = list(space.sources(node)), []
        for place in range(space.num_places(node)):
            source = place if space.edges_per_node == ALL else left[next(rest)]
            if _each_once(space):
                left.remove(source)
            places.append((source, next(rest)))
        nodes.append(places)
    return space.cell_of(nodes)


def sample(space: CellSpace, rng: np.random.Generator) -> Cell:
    """Draws a cell; all cells of the space are equally likely."""
    return decode(space, [int(rng.integers(size)) for size in sizes(space).values()])


def mutate(space: CellSpace, cell: Cell, rng: np.random.Generator) -> Cell:
    """Changes one edge of a cell, as AmoebaNet's evolution does (arXiv 1802.01548).

    It gets another source or another operation, with equal chances if the space leaves
    a choice of both; which edge, and what it gets, are equally likely as well. An edge
    with another source keeps the position of its operation in the list.

    Args:
        space: The space of the cell.
        cell: The cell, which stays as it is.
        rng: The source of randomness.

    Returns:
        The changed `Cell`.

    Raises:
        ValueError: If the cell is none of the space, or the only one in it.
    """
    places = space.places_of(cell)
    kinds = (_source_changes(space, places), _operation_changes(space, places))
    kinds = [changes for changes in kinds if changes]
    if not kinds:
        raise invalid_value("cell", "one of a space of more than one", str(cell))
    node, index, place = _draw(_draw(_draw(kinds, rng), rng), rng)
    places[node][index] = place
    return space.cell_of(places)


def neighbors(space: CellSpace, cell: Cell) -> list[Cell]:
    """Returns all cells that `mutate` can make of a cell, each once.

    Raises:
        ValueError: If the cell is none of the space.
    """
    places = space.places_of(cell)
    found = []
    for changes in (_source_changes(space, places), _operation_changes(space, places)):
        for node, index, place in (change for edge in changes for change in edge):
            changed = list(map(list, places))
            changed[node][index] = place
            found.append(space.cell_of(changed))
    return found


def _source_changes(space, places):
    """Returns for each edge that can have another source all these changes of it."""
    if space.edges_per_node == ALL:
        return []
    changes = []
    for node, of_node in enumerate(places):
        taken = {source for source, _ in of_node}
        for index, (source, position) in enumerate(of_node):
            avoided = taken if _each_once(space) else {source}
            others = [s for s in space.sources(node) if s not in avoided]
            changes.append([(node, index, (other, position)) for other in others])
    return [of_edge for of_edge in changes if of_edge]


def _operation_changes(space, places):
    """Returns for each edge that can have another operation all these changes of it."""
    changes = []
    for node, of_node in enumerate(places):
        for index, (source, position) in enumerate(of_node):
            positions = range(len(space.candidates(node, source)))
            others = [p for p in positions if p != position]
            changes.append([(node, index, (source, other)) for other in others])
    return [of_edge for of_edge in changes if of_edge]


def _check_equal_edges(space):
    counts = {len(space.candidates(node, source)) for node, source in space.edges}
    if len(counts) > 1:
        expected = "one with as many operations on each edge, without 'none'"
        raise invalid_value("space", expected, space.operations)


def _each_once(space):
    """Whether the edges of a node are from different states, chosen one by one."""
    return space.edges_per_node not in (ALL, PAIRS)


def _draw(items, rng):
    return items[rng.integers(len(items))]
