"""The space of NAS-Bench-201 (arXiv 2001.00326), all of whose cells have been trained.

One kind of cell of four nodes, the first of which is its input and the last its output.
A genotype has the strongest operation of each of the six edges, be it `none`.
"""

from types import MappingProxyType

from darts_tf.convolutional.skeleton import staged_skeleton
from darts_tf.space.cell_space import ALL, CellSpace
from darts_tf.space.search_space import SearchSpace
from darts_tf.space.topology import NONE, SKIP
from darts_tf.spaces.named_space import NamedSpace

KIND = "nasbench201"
# In the order of the benchmark.
OPERATIONS = (NONE, SKIP, "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3")


def _space(primitives, num_nodes):
    cell = CellSpace(KIND, 1, num_nodes, primitives, ALL, outputs=1, keeps_none=True)
    return SearchSpace(KIND, (cell,))


NASBENCH201 = NamedSpace(
    name=KIND,
    source="NAS-Bench-201, arXiv 2001.00326",
    primitives=OPERATIONS,
    make_space=_space,
    make_skeleton=staged_skeleton,
    search=MappingProxyType({"layers": 15, "nodes": 3, "weight_decay": 5e-4}),
    training=MappingProxyType(
        {
            "layers": 15,
            "init_channels": 16,
            "auxiliary": False,
            "cutout": False,
            "drop_path_rate": 0.0,
            "batch_size": 256,
            "epochs": 200,
            "learning_rate": 0.1,
            "weight_decay": 5e-4,
        }
    ),
)
