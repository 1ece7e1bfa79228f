"""The spaces in which DARTS collapses, S1 to S4 of RobustDARTS (arXiv 1909.09656).

They are DARTS' space with fewer operations: in S1 with two others on each edge, in S2
to S4 with the same on all edges. In S4 the answer is known, since noise carries
nothing.
"""

from types import MappingProxyType

from darts_tf.convolutional.primitives import DARTS_PRIMITIVES
from darts_tf.errors import invalid_value
from darts_tf.space.cell_space import CellSpace
from darts_tf.space.search_space import SearchSpace
from darts_tf.space.topology import NONE, SKIP, num_edges
from darts_tf.spaces.named_space import NamedSpace

_SEP_3 = "sep_conv_3x3"
_DIL_3, _DIL_5 = "dil_conv_3x3", "dil_conv_5x5"
_MAX, _AVG = "max_pool_3x3", "avg_pool_3x3"

# The operations of each edge in the order of alpha's rows, a line for each node.
S1_EDGES = MappingProxyType(
    {
        "normal": (
            *((SKIP, _DIL_3), (SKIP, _DIL_5)),
            *((SKIP, _DIL_5), (SKIP, _SEP_3), (SKIP, _DIL_3)),
            *((_MAX, SKIP), (SKIP, _SEP_3), (SKIP, _SEP_3), (SKIP, _DIL_3)),
            *((SKIP, _SEP_3), (_MAX, SKIP), (SKIP, _DIL_3)),
            *((_DIL_3, _DIL_5), (_DIL_3, _DIL_5)),
        ),
        "reduce": (
            *((_MAX, _AVG), (_MAX, _DIL_3)),
            *((_MAX, _AVG), (_MAX, _AVG), (SKIP, _DIL_5)),
            *((_MAX, _AVG), (_MAX, _SEP_3), (SKIP, _DIL_3), (SKIP, _DIL_5)),
            *((_MAX, _AVG), (_MAX, _AVG), (SKIP, _DIL_5)),
            *((SKIP, _DIL_5), (SKIP, _DIL_5)),
        ),
    }
)
_MOST_NODES = 4
_SOURCE = "RobustDARTS, arXiv 1909.09656"


def _s1_space(primitives, num_nodes):
    if num_nodes > _MOST_NODES:
        raise invalid_value("num_nodes", f"at most {_MOST_NODES} in S1", num_nodes)
    count = num_edges(num_nodes)
    operations = {kind: edges[:count] for kind, edges in S1_EDGES.items()}
    return _space("s1", operations, num_nodes)


def _space(name, operations, num_nodes):
    cells = (CellSpace(kind, 2, num_nodes, x) for kind, x in operations.items())
    return SearchSpace(name, tuple(cells))


def _uniform(name, primitives, source, training):
    def make_space(primitives, num_nodes):
        kinds = ("normal", "reduce")
        return _space(name, dict.fromkeys(kinds, primitives), num_nodes)

    return NamedSpace(name, source, primitives, make_space, training=training)


# The size by default of the authors' evaluation, with which they trained most cells.
_SMALL = MappingProxyType({"layers": 8, "init_channels": 16})

S1 = NamedSpace(
    name="s1",
    source=_SOURCE,
    primitives=tuple(
        dict.fromkeys(x for kind in S1_EDGES.values() for edge in kind for x in edge)
    ),
    make_space=_s1_space,
    training=_SMALL,
)
S2 = _uniform("s2", (SKIP, _SEP_3), _SOURCE, _SMALL)
S3 = _uniform("s3", (NONE, SKIP, _SEP_3), _SOURCE, _SMALL)
S4 = _uniform("s4", ("noise", _SEP_3), _SOURCE, _SMALL)
# SmoothDARTS' name for DARTS' operations without the one that is never derived.
S5 = _uniform(
    "s5",
    tuple(name for name in DARTS_PRIMITIVES if name != NONE),
    "SmoothDARTS, arXiv 2002.05283",
    MappingProxyType({}),
)
