"""A search space for images with what belongs to it, as data."""

import dataclasses
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from darts_tf.convolutional.skeleton import STEMS, Skeleton
from darts_tf.errors import invalid_value
from darts_tf.genotype.cell import Cell, Edge
from darts_tf.genotype.cells_genotype import CellsGenotype
from darts_tf.genotype.motifs_genotype import TOP, MotifsGenotype
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.registry import check_identifier
from darts_tf.space.cell_space import ALL
from darts_tf.space.search_space import SearchSpace
from darts_tf.space.topology import SKIP


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclasses.dataclass(frozen=True)
class NamedSpace:
    """A search space, the network that its cells stand in, and settings for both.

    Args:
        name: A lower-case identifier.
        source: The paper that it is from, in words.
        primitives: The operations; where they differ from edge to edge all that there
            are, see `CellSpace.all_operations`.
        make_space: Function of the operations and of the number of nodes that returns
            the `SearchSpace`. It raises a `ValueError` for a number that cannot be.
        takes_primitives: Whether a search may have other operations.
        make_skeleton: Function of the numbers of cells and of channels that returns the
            `Skeleton` of both networks; `None` for that of DARTS. If there are several
            `stems`, one of them is its third argument.
        stems: The stems that such a skeleton can have, of `skeleton.STEMS`.
        search: Settings of a search by name, where they are other than in DARTS.
        training: The same of the training of the cells that it finds.
        auxiliary_skip: Whether every edge also has a skip connection beside its
            operation, in the search and afterwards.

    Raises:
        ValueError: If the name is no identifier.
    """

    name: str
    source: str
    primitives: tuple[str, ...]
    make_space: Callable[[tuple[str, ...], int], SearchSpace]
    takes_primitives: bool = False
    make_skeleton: Callable[..., Skeleton] | None = None
    stems: tuple[str, ...] = STEMS[:1]
    search: Mapping[str, Any] = dataclasses.field(default_factory=_nothing)
    training: Mapping[str, Any] = dataclasses.field(default_factory=_nothing)
    auxiliary_skip: bool = False

    def __post_init__(self):
        check_identifier(self.name)

    def search_space(
        self, num_nodes: int, primitives: tuple[str, ...] | None = None
    ) -> SearchSpace:
        """Returns the cells to choose from.

        Args:
            num_nodes: Number of nodes of a cell.
            primitives: Operations in place of those of the space.

        Raises:
            ValueError: If the space has no cells of so many nodes, or other operations.
        """
        primitives = self.primitives if primitives is None else tuple(primitives)
        if primitives != self.primitives and not self.takes_primitives:
            expected = f"those of the space {self.name}: {', '.join(self.primitives)}"
            raise invalid_value("primitives", expected, ", ".join(primitives))
        return self.make_space(primitives, num_nodes)

    @property
    def keeps_all_edges(self) -> bool:
        """Whether a cell has all edges, so that no rule chooses between them."""
        cells = self.search_space(self.search.get("nodes", 4)).cells
        return all(cell.edges_per_node == ALL for cell in cells)

    def trained_genotype(self, genotype: SavedGenotype) -> SavedGenotype:
        """Returns the genotype of the network that is trained for one of a search.

        Where the space has a skip connection beside every operation, it has them as
        edges of their own. Of motifs it has the flat cell.

        Args:
            genotype: What the search has found.
        """
        if isinstance(genotype, MotifsGenotype):
            genotype = CellsGenotype(((TOP, genotype.flat),))
        if not self.auxiliary_skip:
            return genotype
        cells = {k: _with_skips(cell) for k, cell in genotype.cells.items()}
        return type(genotype).from_cells(cells)

    def skeleton(
        self, num_cells: int, init_channels: int, stem: str = STEMS[0]
    ) -> Skeleton | None:
        """Returns the skeleton of a network, or `None` for that of DARTS.

        Args:
            num_cells: Number of cells, as the skeleton counts them.
            init_channels: Channels of the first cells.
            stem: One of `stems`, where the skeleton is not that of DARTS.

        Raises:
            ValueError: If it is none of these.
        """
        if self.make_skeleton is None:
            return None
        if stem not in self.stems:
            raise invalid_value("stem", f"one of {', '.join(self.stems)}", stem)
        of_stem = (stem,) if len(self.stems) > 1 else ()
        return self.make_skeleton(num_cells, init_channels, *of_stem)


def _with_skips(cell: Cell) -> Cell:
    nodes = tuple(
        tuple(x for edge in node for x in (edge, Edge(SKIP, edge.source)))
        for node in cell.nodes
    )
    return dataclasses.replace(cell, nodes=nodes)
