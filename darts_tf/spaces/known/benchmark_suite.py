"""The nine spaces of DARTS-Bench-Suite (arXiv 2507.16533), on which methods differ.

Three networks, wide, deep and of a single cell, with three lists of operations each.
Training has the size of the search, and no auxiliary head.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from darts_tf.convolutional.primitives import DARTS_PRIMITIVES
from darts_tf.space.cell_space import CellSpace
from darts_tf.space.search_space import SearchSpace
from darts_tf.space.topology import SKIP
from darts_tf.spaces.named_space import NamedSpace

_SOURCE = "DARTS-Bench-Suite, arXiv 2507.16533"
# Whatever the number of nodes, the output is made of these last ones.
_OUTPUTS = 4
_BOTH = ("normal", "reduce")
_OPERATIONS = {
    "regular": DARTS_PRIMITIVES,
    "no_skip": tuple(name for name in DARTS_PRIMITIVES if name != SKIP),
    "all_skip": DARTS_PRIMITIVES,
}
# Kinds of cells, and settings of the search. The single cell is a reduction cell, as
# DARTS' rule for the places of these makes it.
_NETWORKS: Mapping[str, tuple[tuple[str, ...], Mapping[str, Any]]] = {
    "wide": (
        _BOTH,
        {"init_channels": 18, "layers": 4, "nodes": 4, "batch_size": 96},
    ),
    "deep": (
        _BOTH,
        {"init_channels": 7, "layers": 18, "nodes": 4, "batch_size": 64},
    ),
    "single_cell": (
        _BOTH[1:],
        {"init_channels": 26, "layers": 1, "nodes": 8, "batch_size": 96},
    ),
}


def _named(network, operations):
    name = f"{network}_{operations}"
    kinds, sizes = _NETWORKS[network]

    def make_space(primitives, num_nodes):
        outputs = min(num_nodes, _OUTPUTS)
        cells = (
            CellSpace(kind, 2, num_nodes, primitives, outputs=outputs) for kind in kinds
        )
        return SearchSpace(name, tuple(cells))

    return NamedSpace(
        name,
        _SOURCE,
        _OPERATIONS[operations],
        make_space,
        search=MappingProxyType({**sizes, "epochs": 100}),
        training=MappingProxyType(
            {
                "init_channels": sizes["init_channels"],
                "layers": sizes["layers"],
                "auxiliary": False,
                "batch_size": 512,
                "epochs": 300,
                "drop_path_rate": 0.3,
            }
        ),
        auxiliary_skip=operations == "all_skip",
    )


WIDE_REGULAR = _named("wide", "regular")
WIDE_NO_SKIP = _named("wide", "no_skip")
WIDE_ALL_SKIP = _named("wide", "all_skip")
DEEP_REGULAR = _named("deep", "regular")
DEEP_NO_SKIP = _named("deep", "no_skip")
DEEP_ALL_SKIP = _named("deep", "all_skip")
SINGLE_CELL_REGULAR = _named("single_cell", "regular")
SINGLE_CELL_NO_SKIP = _named("single_cell", "no_skip")
SINGLE_CELL_ALL_SKIP = _named("single_cell", "all_skip")
