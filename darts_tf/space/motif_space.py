"""The space of hierarchical evolution: motifs, and cells whose edges are motifs."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from darts_tf.errors import invalid_value
from darts_tf.genotype.motifs_genotype import TOP
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.space.cell_space import ALL, CellSpace
from darts_tf.space.search_space import SearchSpace
from darts_tf.space.topology import NONE


@dataclasses.dataclass(frozen=True)
class MotifSpace(SearchSpace):
    """All motifs and cells of them, see `motif_space`; genotypes: `MotifsGenotype`.

    Every edge of every graph is a choice. It is for sampling and evolution: where a
    search by gradient would give each motif an alpha, no network has them all.
    """

    def mutate(
        self, genotype: SavedGenotype, rng: np.random.Generator
    ) -> SavedGenotype:
        """Changes what stands on one edge (arXiv 1711.00436, section 3.1).

        Drawn are a level, a motif of it (or the cell), a node, an edge to it and what
        comes on the edge, each with equal chances; here it is never what was there.

        Args:
            genotype: The genotype, which stays as it is.
            rng: The source of randomness.

        Returns:
            The changed genotype.

        Raises:
            ValueError: If the genotype is none of the space.
        """
        genotype = self.decode(self.encode(genotype))
        cells = dict(genotype.cells)
        *motifs, top = self.cells
        space = [motifs[rng.integers(len(motifs))], top][rng.integers(2)]
        places = space.places_of(cells[space.kind])
        node = places[rng.integers(len(places))]
        index = rng.integers(len(node))
        source, position = node[index]
        number = len(space.common_operations)
        others = [other for other in range(number) if other != position]
        node[index] = (source, others[rng.integers(len(others))])
        cells[space.kind] = space.cell_of(places)
        return type(genotype).from_cells(cells)


def motif_space(
    operations: Sequence[str],
    num_motifs: int = 6,
    motif_nodes: int = 4,
    cell_nodes: int = 5,
) -> MotifSpace:
    """Returns the space of three levels (arXiv 1711.00436, sections 2.2 and 4.1).

    Args:
        operations: Names of level 1, `none` among them where an edge may be missing.
        num_motifs: Number of motifs, level 2.
        motif_nodes: Number of nodes of each, its input and its output among them.
        cell_nodes: The same of the cell, level 3, whose edges have motifs.

    Raises:
        ValueError: If a number is too small, or a name malformed.
    """
    numbers = {"num_motifs": num_motifs, "motif_nodes": motif_nodes}
    for name, number in {**numbers, "cell_nodes": cell_nodes}.items():
        if type(number) is not int or number < 2:
            raise invalid_value(name, "an integer from 2 up", number)
    names = tuple(f"motif_{index}" for index in range(1, num_motifs + 1))
    graphs = {name: (tuple(operations), motif_nodes) for name in names}
    graphs[TOP] = ((NONE, *names), cell_nodes)
    return MotifSpace(
        TOP,
        tuple(
            CellSpace(kind, 1, nodes - 1, on_edges, ALL, outputs=1, keeps_none=True)
            for kind, (on_edges, nodes) in graphs.items()
        ),
    )
