"""The spaces with the operations that Table 1, a comparison of spaces, lists for them.

Everything but the operations is as in the space of the paper. The evolutionary search
is in cells such as AmoebaNet's, since the table says no more of it.
"""

import dataclasses

from darts_tf.convolutional.primitives import DARTS_PRIMITIVES
from darts_tf.spaces.known.amoebanet import AMOEBANET
from darts_tf.spaces.known.darts import DARTS
from darts_tf.spaces.known.enas import ENAS
from darts_tf.spaces.known.nao import NAO
from darts_tf.spaces.known.nasnet import NASNET
from darts_tf.spaces.known.pnas import PNAS
from darts_tf.spaces.named_space import NamedSpace


def _listed(name: str, space: NamedSpace, primitives: tuple[str, ...]) -> NamedSpace:
    def make_space(primitives, num_nodes):
        return dataclasses.replace(space.make_space(primitives, num_nodes), name=name)

    return dataclasses.replace(
        space,
        name=name,
        source=f"Table 1, in the form of: {space.source}",
        primitives=primitives,
        make_space=make_space,
        takes_primitives=False,
    )


TABLE1_NASNET = _listed(
    "table1_nasnet",
    NASNET,
    (
        "identity",
        "conv_1x1",
        "sep_conv_1x1",
        "conv_3x3",
        "dil_conv_3x3",
        "conv_1x3_3x1",
        "sep_conv_5x5",
        "sep_conv_7x7",
        "conv_1x7_7x1",
        "max_pool_3x3",
        "max_pool_5x5",
        "max_pool_7x7",
        "avg_pool_3x3",
    ),
)
TABLE1_ENAS = _listed(
    "table1_enas",
    ENAS,
    ("skip_connect", "sep_conv_3x3", "sep_conv_5x5", "max_pool_3x3", "avg_pool_3x3"),
)
TABLE1_NAO = _listed(
    "table1_nao",
    NAO,
    (
        "identity",
        "conv_1x1",
        "sep_conv_1x1",
        "conv_2x2",
        "sep_conv_2x2",
        "sep_conv_3x3",
        "max_pool_2x2",
        "max_pool_3x3",
        "avg_pool_2x2",
        "avg_pool_3x3",
    ),
)
TABLE1_DARTS = _listed("table1_darts", DARTS, DARTS_PRIMITIVES)
TABLE1_PNASNET = _listed(
    "table1_pnasnet",
    PNAS,
    (
        "identity",
        "sep_conv_3x3",
        "dil_conv_3x3",
        "sep_conv_5x5",
        "sep_conv_7x7",
        "max_pool_3x3",
        "avg_pool_3x3",
    ),
)
TABLE1_EVOLUTIONARY = _listed(
    "table1_evolutionary",
    AMOEBANET,
    (
        "identity",
        "conv_1x1",
        "sep_conv_3x3",
        "conv_1x3_3x1",
        "max_pool_3x3",
        "avg_pool_3x3",
    ),
)
