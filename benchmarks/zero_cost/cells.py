"""The cells of NAS-Bench-201: their accuracies, and what can be counted of them."""

from collections.abc import Sequence

import numpy as np

from benchmarks.zero_cost.settings import ZeroCostConfig
from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.convolutional.network_cost import NetworkCost, network_cost
from darts_tf.spaces.cell_table import CellTable
from darts_tf.spaces.registry import get_space

NAMED = get_space("nasbench201")
SPACE = NAMED.search_space(NAMED.search["nodes"])
CLASSES = 10

# The number of the operation of each edge.
Options = tuple[int, ...]


def all_cells() -> list[Options]:
    """Returns all cells, always in the same order."""
    return [*np.ndindex(*SPACE.choices().values())]


def sampled(config: ZeroCostConfig) -> list[int]:
    """Returns which cells are drawn; more of them begin with the same ones."""
    rng = np.random.default_rng(config.seed)
    return rng.permutation(len(all_cells()))[: config.cells].tolist()


def accuracies(config: ZeroCostConfig) -> np.ndarray:
    """Returns validation and test accuracies of all cells, of shape `(2, cells)`.

    Raises:
        UserError: If the table is none of these cells.
    """
    table = CellTable(config.table, config.dataset)
    table.require_space(SPACE.cells[0])
    found = []
    for options in all_cells():
        (cell,) = SPACE.decode(options).cells.values()
        found.append(table.entry(cell)[:2])
    return np.transpose(found)


def counted(
    config: ZeroCostConfig, image_shape: Sequence[int]
) -> dict[str, np.ndarray]:
    """Counts weights and mult-adds of the networks of all cells.

    All edges of a cell are alike, so that an operation on one of them costs a sixth of
    what it costs on all, and a network is built for each operation alone.

    Args:
        config: The settings of the networks.
        image_shape: Height, width and channels.

    Returns:
        The counts by name, each of shape `(cells,)`.
    """
    cells = np.array(all_cells())
    edges = cells.shape[1]
    costs = [
        _cost((number,) * edges, config, image_shape)
        for number in range(len(NAMED.primitives))
    ]
    found = {}
    for name in ("multiply_adds", "weights"):
        of_all = np.array([getattr(cost, name) for cost in costs])
        # The first operation is none.
        of_one = (of_all - of_all[0]) // edges
        found[name] = of_all[0] + of_one[cells].sum(axis=1)
    return found


def _cost(options, config, image_shape) -> NetworkCost:
    network = EvaluationNetwork(
        SPACE.decode(options),
        CLASSES,
        auxiliary=False,
        skeleton=NAMED.skeleton(config.layers, config.init_channels),
    )
    network.build((None, *image_shape))
    return network_cost(network)
