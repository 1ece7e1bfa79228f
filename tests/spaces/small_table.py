"""Tables of all cells: of three states and two operations, and of nasbench201."""

import os

import numpy as np

from darts_tf.spaces.known.nasbench201 import OPERATIONS


def write_table(path: str | os.PathLike, **changes: np.ndarray | None) -> str:
    """Writes the table, with other arrays in place of its own.

    Args:
        path: The file.
        **changes: Arrays by name, or `None` for those to be left out.

    Returns:
        The path.
    """
    accuracies = np.array([0, 10, 20, 30, 40, 50, 60, 60.0])
    arrays = {
        "operations": np.array(["none", "skip_connect"]),
        "edges": np.array([(1, 0), (2, 0), (2, 1)]),
        "cells": np.array([*np.ndindex(2, 2, 2)], np.uint8),
        "cifar10_valid": accuracies,
        "cifar10_test": accuracies + 1,
        "cifar100_valid": np.full(8, 99.0),
        "cifar100_test": np.full(8, 99.0),
        **changes,
    }
    kept = {name: array for name, array in arrays.items() if array is not None}
    np.savez(path, **kept)
    return os.fspath(path)


def write_nasbench201(path: str | os.PathLike) -> str:
    """Writes a table of the cells of nasbench201, each of another accuracy.

    What is best in validation is worst in the test.
    """
    cells = np.array([*np.ndindex(*[5] * 6)], np.uint8)
    accuracies = np.arange(len(cells)) / 200
    return write_table(
        path,
        operations=np.array(OPERATIONS),
        edges=np.array([(1, 0), (2, 0), (2, 1), (3, 0), (3, 1), (3, 2)]),
        cells=cells,
        cifar10_valid=accuracies,
        cifar10_test=accuracies[::-1],
    )
