"""A table of all cells of a space with the accuracies of their trained networks."""

import os
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from darts_tf.errors import UserError, first_line, shortened
from darts_tf.genotype.cell import Cell
from darts_tf.space.cell_space import CellSpace

# What a table has of a data set that it does not name.
_DEFAULT_DATA = "cifar10"


class TableEntry(NamedTuple):
    """What a table says of a cell.

    Attributes:
        valid: Validation accuracy, in per cent.
        test: Test accuracy, in per cent.
        rank: One more than the number of cells of a higher validation accuracy.
    """

    valid: float
    test: float
    rank: int


class CellTable:
    """The accuracies of all cells in which each edge has one of some operations.

    Args:
        path: An `.npz` file with the arrays `operations`, names; `edges`, of shape
            `(edges, 2)`, the node and the source of each, where a cell's one input is
            node 0; `cells`, of shape `(cells, edges)`, numbers of operations; and the
            accuracies of the data set in per cent, of shape `(cells,)`, for instance
            `cifar10_valid` and `cifar10_test`.
        dataset: Name of the data set; CIFAR-10 stands for one that the table lacks.

    Attributes:
        dataset: The data set whose accuracies these are.

    Raises:
        UserError: If the file cannot be read, is damaged, or holds no such table.
    """

    def __init__(self, path: str | os.PathLike, dataset: str = _DEFAULT_DATA):
        self._path = os.fspath(path)
        arrays = self._read()
        is_there = {f"{dataset}_valid", f"{dataset}_test"} <= arrays.keys()
        self.dataset = dataset if is_there else _DEFAULT_DATA
        self._check(arrays)
        self.operations = tuple(map(str, arrays["operations"]))
        self._edges = [tuple(map(int, edge)) for edge in arrays["edges"]]
        self._accuracies = self._of_data(arrays)
        self._rows = {tuple(row): n for n, row in enumerate(arrays["cells"].tolist())}
        if len(self._rows) < len(self.operations) ** len(self._edges):
            raise self._error("it has not all cells, each once")

    def __len__(self) -> int:
        return len(self._rows)

    def require_space(self, space: CellSpace) -> None:
        """Raises a `UserError` unless the cells of a space are those of the table."""
        edges = [(node + 1, source) for node, source in space.edges]
        is_same = (
            space.num_inputs == 1
            and sorted(edges) == sorted(self._edges)
            and set(space.all_operations) == set(self.operations)
            and space.keeps_none
        )
        if not is_same:
            raise self._error(
                f"its cells are not those of the search: {len(self._edges)} edges with "
                f"{', '.join(self.operations)}"
            )

    @property
    def best(self) -> TableEntry:
        """The entry of the cell of the highest validation accuracy."""
        valid, test = self._accuracies
        row = int(valid.argmax())
        return TableEntry(float(valid[row]), float(test[row]), 1)

    def entry(self, cell: Cell) -> TableEntry:
        """Returns what the table says of a cell of its space."""
        names = {
            (node, edge.source): edge.primitive
            for node, edges in enumerate(cell.nodes, start=1)
            for edge in edges
        }
        row = tuple(self.operations.index(names[edge]) for edge in self._edges)
        valid, test = (array[self._rows[row]] for array in self._accuracies)
        rank = 1 + int((self._accuracies[0] > valid).sum())
        return TableEntry(float(valid), float(test), rank)

    def _error(self, reason):
        return UserError(f"`table`={shortened(self._path)}: {reason}.")

    def _read(self) -> Mapping[str, np.ndarray]:
        try:
            # What needs pickle would run code of the file's.
            with np.load(self._path, allow_pickle=False) as file:
                return {name: file[name] for name in file.files}
        except Exception as error:  # a damaged file may raise anything
            raise self._error(
                f"expected an .npz file with a table of cells ({first_line(error)})"
            ) from error

    def _of_data(self, arrays):
        """Returns the validation and the test accuracies of all cells."""
        nothing = np.zeros(())
        names = (f"{self.dataset}_valid", f"{self.dataset}_test")
        found = [arrays.get(name, nothing) for name in names]
        return [x if x.dtype.kind in "iuf" else nothing for x in found]

    def _check(self, arrays):
        needed = ("operations", "edges", "cells")
        missing = [name for name in needed if name not in arrays]
        if missing:
            raise self._error(f"it has no array {', '.join(missing)}")
        names, edges, cells = (arrays[name] for name in needed)
        if names.ndim != 1 or names.dtype.kind != "U" or not len(names):
            raise self._error("`operations` are no names")
        if edges.shape[1:] != (2,) or edges.dtype.kind not in "iu":
            raise self._error("`edges` are no pairs of a node and a source")
        if cells.shape[1:] != edges.shape[:1] or cells.dtype.kind not in "iu":
            raise self._error("`cells` has no operation for each edge")
        if not len(cells) or cells.min() < 0 or cells.max() >= len(names):
            raise self._error("`cells` names operations that there are not")
        for accuracies in self._of_data(arrays):
            if accuracies.shape != cells.shape[:1] or not np.isfinite(accuracies).all():
                raise self._error(
                    f"it has no accuracies of all cells on {self.dataset}, "
                    f"`{self.dataset}_valid` and `{self.dataset}_test`"
                )
