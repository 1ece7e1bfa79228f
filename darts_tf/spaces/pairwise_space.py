"""Spaces of cells whose nodes are sums of two pairs of operation and state."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from darts_tf.convolutional.skeleton import STEMS, Skeleton
from darts_tf.space.cell_space import PAIRS, UNUSED, CellSpace
from darts_tf.space.search_space import SearchSpace
from darts_tf.spaces.named_space import NamedSpace

# As many as in NASNet, ENAS, NAO, PNAS and AmoebaNet.
NODES = 5
NORMAL_AND_REDUCE = ("normal", "reduce")


def pairwise_space(
    name: str,
    source: str,
    primitives: tuple[str, ...],
    make_skeleton: Callable[..., Skeleton],
    training: Mapping[str, Any],
    kinds: tuple[str, ...] = NORMAL_AND_REDUCE,
    outputs: str = UNUSED,
    stems: tuple[str, ...] = STEMS,
) -> NamedSpace:
    """Returns a space such as that of NASNet (arXiv 1707.07012, section 3).

    Each node is the sum of two operations on earlier states, which may be one and the
    same. In a search by gradient each earlier state has an edge to it, and the two
    strongest pairs of operation and state are kept.

    Args:
        name, source, primitives, make_skeleton, training, stems: See `NamedSpace`.
        kinds: The kinds of cells.
        outputs: `"unused"`, the output is made of the nodes that no other node reads;
            or `"all"`.
    """

    def make_space(primitives, num_nodes):
        cells = (
            CellSpace(kind, 2, num_nodes, primitives, PAIRS, outputs=outputs)
            for kind in kinds
        )
        return SearchSpace(name, tuple(cells))

    return NamedSpace(
        name,
        source,
        primitives,
        make_space,
        make_skeleton=make_skeleton,
        stems=stems,
        # With the two reduction cells beside them as many as DARTS searches with.
        search=MappingProxyType({"layers": 6, "nodes": NODES}),
        training=MappingProxyType(dict(training)),
    )
