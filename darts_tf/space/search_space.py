"""A search space as data: the cells of each kind that a network is made of."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from darts_tf.errors import invalid_value
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.cells_genotype import genotype_of
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.space import cell_choices
from darts_tf.space.cell_space import CellSpace
from darts_tf.space.derivation import derive_cell


@dataclasses.dataclass(frozen=True)
class SearchSpace:
    """All genotypes that a search can choose from.

    Args:
        name: What reports call it.
        cells: The `CellSpace` of each kind of cell.

    Raises:
        ValueError: If there is no cell, or two are of one kind.

    Example:

    >>> space = convolutional_space(("none", "skip_connect", "sep_conv_3x3"))
    >>> space.alpha_shapes()
    {'normal': (14, 3), 'reduce': (14, 3)}
    >>> genotype = space.sample(np.random.default_rng(0))
    >>> space.decode(space.encode(genotype)) == genotype
    True
    """

    name: str
    cells: tuple[CellSpace, ...]

    def __post_init__(self):
        if not isinstance(self.name, str) or not self.name:
            raise invalid_value("name", "a name", self.name)
        cells = self.cells
        if (
            not isinstance(cells, tuple)
            or not cells
            or not all(isinstance(cell, CellSpace) for cell in cells)
            or len({cell.kind for cell in cells}) < len(cells)
        ):
            expected = "one or more `CellSpace` of different kinds in a tuple"
            raise invalid_value("cells", expected, cells)

    def to_dict(self) -> dict[str, Any]:
        """Returns what `from_dict` takes, of numbers, strings and lists alone."""
        return {"name": self.name, "cells": [cell.to_dict() for cell in self.cells]}

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "SearchSpace":
        """Makes the space of what `to_dict` returned, or JSON made of that.

        Raises:
            ValueError: If it is malformed.
        """
        try:
            return cls(
                content["name"], tuple(map(CellSpace.from_dict, content["cells"]))
            )
        except (KeyError, TypeError) as error:
            raise invalid_value(
                "content", "that of a `SearchSpace`", content
            ) from error

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of cells, in the order of their alphas."""
        return tuple(cell.kind for cell in self.cells)

    def of(self, kind: str) -> CellSpace:
        """Returns the space of the cells of a kind."""
        return self.cells[self.kinds.index(kind)]

    def alpha_shapes(self) -> dict[str, tuple[int, int]]:
        """Returns the shape of each kind's alpha, `(edges, operations)`."""
        return {cell.kind: cell.alpha_shape for cell in self.cells}

    def with_operations(
        self, operations: Mapping[str, Sequence[Sequence[str]]]
    ) -> "SearchSpace":
        """Returns the same space with some of the operations on each edge.

        Args:
            operations: For each kind of cell those of each row of alpha, in the order
                in which they are here.

        Raises:
            ValueError: If they are malformed, or none of those here.
        """
        if set(operations) != set(self.kinds):
            expected = f"those of {', '.join(self.kinds)}"
            raise invalid_value("operations", expected, ", ".join(operations))
        cells = (_with_operations(c, operations[c.kind]) for c in self.cells)
        return dataclasses.replace(self, cells=tuple(cells))

    def derive(self, strengths: Mapping[str, np.ndarray]) -> SavedGenotype:
        """Derives the genotype of the strongest operations (paper, section 2.4).

        Args:
            strengths: The strengths of the operations on the edges, for instance the
                softmax of alpha, of each kind of cell; of the shapes that
                `alpha_shapes` gives.

        Returns:
            The genotype: a `Genotype` or `RecurrentGenotype` if the cells are of their
            kinds, else a `CellsGenotype`.

        Raises:
            ValueError: If those of a kind are missing, of another shape or not finite.
        """
        if set(strengths) != set(self.kinds):
            expected = f"those of {', '.join(self.kinds)}"
            raise invalid_value("strengths", expected, ", ".join(map(str, strengths)))
        cells = {c.kind: derive_cell(c, strengths[c.kind]) for c in self.cells}
        return genotype_of(cells)

    def sample(self, rng: np.random.Generator) -> SavedGenotype:
        """Draws a genotype; all of the space are equally likely."""
        return genotype_of({c.kind: cell_choices.sample(c, rng) for c in self.cells})

    def mutate(
        self, genotype: SavedGenotype, rng: np.random.Generator
    ) -> SavedGenotype:
        """Changes one edge of one cell, see `cell_choices.mutate`.

        Each kind of cell is equally likely, if it has more than one cell.

        Args:
            genotype: The genotype, which stays as it is.
            rng: The source of randomness.

        Returns:
            The changed genotype.

        Raises:
            ValueError: If the genotype is none of the space, or the only one in it.
        """
        cells = self._cells_of(genotype)
        kinds = [c.kind for c in self.cells if max(cell_choices.sizes(c).values()) > 1]
        if not kinds:
            raise invalid_value("genotype", "one of a space of more", str(genotype))
        kind = kinds[rng.integers(len(kinds))]
        cells[kind] = cell_choices.mutate(self.of(kind), cells[kind], rng)
        return genotype_of(cells)

    def neighbors(self, genotype: SavedGenotype) -> list[SavedGenotype]:
        """Returns all genotypes that differ in one edge of one cell, each once.

        They are those that `mutate` can return.

        Raises:
            ValueError: If the genotype is none of the space.
        """
        cells = self._cells_of(genotype)
        return [
            genotype_of({**cells, space.kind: cell})
            for space in self.cells
            for cell in cell_choices.neighbors(space, cells[space.kind])
        ]

    def choices(self) -> dict[str, int]:
        """Returns the number of options of each choice by its name, as for a tuner.

        Every combination of options is a genotype, and every genotype is one of them.
        """
        return {
            k: n for cell in self.cells for k, n in cell_choices.sizes(cell).items()
        }

    def encode(self, genotype: SavedGenotype) -> tuple[int, ...]:
        """Returns the options that make up a genotype, in the order of `choices`.

        Raises:
            ValueError: If the genotype is none of the space.
        """
        cells = self._cells_of(genotype)
        return tuple(
            x for c in self.cells for x in cell_choices.encode(c, cells[c.kind])
        )

    def decode(self, options: Sequence[int]) -> SavedGenotype:
        """Returns the genotype that `encode` gave these options.

        Raises:
            ValueError: If an option is missing, too many or beyond its choice.
        """
        if len(options) != len(self.choices()):
            raise invalid_value("options", f"{len(self.choices())} integers", options)
        cells, first = {}, 0
        for cell in self.cells:
            last = first + len(cell_choices.sizes(cell))
            cells[cell.kind] = cell_choices.decode(cell, options[first:last])
            first = last
        return genotype_of(cells)

    def _cells_of(self, genotype) -> dict[str, Cell]:
        cells = dict(genotype.cells)
        if tuple(cells) != self.kinds:
            expected = f"one of {', '.join(self.kinds)} cells"
            raise invalid_value("genotype", expected, str(genotype))
        return cells


def _with_operations(cell, operations):
    rows = tuple(map(tuple, operations))
    is_known = len(rows) == cell.num_edges and all(
        names and names == tuple(x for x in cell.operations_of(row) if x in names)
        for row, names in enumerate(rows)
    )
    if not is_known:
        expected = f"for each of {cell.num_edges} edges some of its operations in order"
        raise invalid_value("operations", expected, operations)
    return dataclasses.replace(cell, operations=rows)


def convolutional_space(primitives: Sequence[str], num_nodes: int = 4) -> SearchSpace:
    """Returns DARTS' space of normal and reduction cells (paper, section 3.1.1).

    Args:
        primitives: Names of the primitives, in the order of alpha's columns.
        num_nodes: Number of intermediate nodes of a cell.

    Raises:
        ValueError: If an argument is malformed.
    """
    kinds = ("normal", "reduce")
    cells = (CellSpace(kind, 2, num_nodes, tuple(primitives), 2) for kind in kinds)
    return SearchSpace("darts", tuple(cells))


def recurrent_space(activations: Sequence[str], num_nodes: int = 8) -> SearchSpace:
    """Returns DARTS' space of a recurrent cell (paper, section 3.1.2).

    Args:
        activations: Names of the activations, in the order of alpha's columns.
        num_nodes: Number of nodes after state 0.

    Raises:
        ValueError: If an argument is malformed.
    """
    cell = CellSpace("recurrent", 1, num_nodes, tuple(activations), 1, "mean")
    return SearchSpace("darts_recurrent", (cell,))
