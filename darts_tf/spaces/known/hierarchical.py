"""The flat space of hierarchical evolution (arXiv 1711.00436), and that of its motifs.

`HIERARCHICAL` is what a search by gradient can have of it: a graph of five nodes whose
edges have one of the six operations, or none. It differs from the paper's in that a
node is the sum of what comes in, which there is concatenated and goes through a 1x1
convolution; and that the stages are those of NAS-Bench-201, with residual blocks
between them, where there a separable convolution follows each cell.

`MOTIFS` has all three levels, for sampling and evolution.
"""

from types import MappingProxyType

from darts_tf.convolutional.skeleton import staged_skeleton
from darts_tf.space.cell_space import ALL, CellSpace
from darts_tf.space.motif_space import motif_space
from darts_tf.space.search_space import SearchSpace
from darts_tf.space.topology import NONE
from darts_tf.spaces.named_space import NamedSpace

KIND = "hierarchical"
OPERATIONS = (
    NONE,
    "identity",
    "conv_1x1_relu",
    "dep_conv_3x3_relu",
    "sep_conv_3x3_relu",
    "max_pool_3x3",
    "avg_pool_3x3",
)


def _space(primitives, num_nodes):
    cell = CellSpace(KIND, 1, num_nodes, primitives, ALL, outputs=1, keeps_none=True)
    return SearchSpace(KIND, (cell,))


HIERARCHICAL = NamedSpace(
    name=KIND,
    source="hierarchical evolution, arXiv 1711.00436, sections 2.1 and 4.1",
    primitives=OPERATIONS,
    make_space=_space,
    make_skeleton=staged_skeleton,
    # The cell's input is the first of the five nodes.
    search=MappingProxyType({"layers": 6, "nodes": 4}),
    training=MappingProxyType({"layers": 6, "init_channels": 64, "auxiliary": False}),
)
MOTIFS = motif_space(OPERATIONS)
