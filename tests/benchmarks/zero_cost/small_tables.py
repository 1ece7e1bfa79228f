"""A table of the cells of NAS-Bench-201, each of another accuracy."""

import numpy as np

from benchmarks.zero_cost.cells import NAMED
from tests.spaces.small_table import write_table

# Settings of the smallest network that can be scored.
SMALL = {"layers": 1, "init_channels": 4, "batch_size": 6, "cells": 4}


def write_cells(path):
    """Writes the table; returns its path."""
    edges = [(3, 2), (1, 0), (2, 0), (2, 1), (3, 0), (3, 1)]
    cells = np.array([*np.ndindex(*[5] * 6)], np.uint8)
    return write_table(
        path,
        operations=np.array(NAMED.primitives),
        edges=np.array(edges),
        cells=cells,
        cifar10_valid=np.arange(len(cells)) / 200,
        cifar10_test=-np.arange(len(cells)) / 200,
    )
