"""A table of all cells of three states and two operations."""

import os

import numpy as np


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
