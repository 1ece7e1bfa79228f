"""Which operations the named spaces have, as a table."""

from collections.abc import Mapping
from types import MappingProxyType

from darts_tf.space.topology import NONE
from darts_tf.spaces.registry import get_space

# The columns of Table 1, and those of what the papers list, by their headings.
TABLE_1: Mapping[str, str] = MappingProxyType(
    {
        "NASNet": "table1_nasnet",
        "ENAS": "table1_enas",
        "NAO": "table1_nao",
        "DARTS": "table1_darts",
        "PNASNet": "table1_pnasnet",
        "Evolutionary": "table1_evolutionary",
    }
)
PAPERS: Mapping[str, str] = MappingProxyType(
    {
        "NASNet": "nasnet",
        "ENAS": "enas",
        "NAO": "nao",
        "DARTS": "darts",
        "PNAS": "pnas",
        "AmoebaNet": "amoebanet",
        "Hierarchical": "hierarchical",
    }
)
# The rows: names of primitives that are one operation in different forms.
_ROWS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "identity": ("identity", "skip_connect"),
        "1x1 conv": ("conv_1x1", "nor_conv_1x1", "conv_1x1_relu"),
        "1x1 sepconv": ("sep_conv_1x1",),
        "2x2 conv": ("conv_2x2",),
        "2x2 sepconv": ("sep_conv_2x2",),
        "3x3 conv": ("conv_3x3", "nor_conv_3x3", "bottleneck_3x3"),
        "3x3 sepconv": ("sep_conv_3x3", "sep_conv_3x3_once", "sep_conv_3x3_relu"),
        "3x3 dilconv": ("dil_conv_3x3", "dil_sep_conv_3x3"),
        "3x3 depthwise conv": ("dep_conv_3x3", "dep_conv_3x3_relu"),
        "1x3 then 3x1": ("conv_1x3_3x1", "bottleneck_1x3_3x1"),
        "5x5 sepconv": ("sep_conv_5x5", "sep_conv_5x5_once"),
        "5x5 dilconv": ("dil_conv_5x5", "dil_sep_conv_5x5"),
        "7x7 sepconv": ("sep_conv_7x7",),
        "1x7 then 7x1": ("conv_1x7_7x1", "conv_7x1_1x7", "bottleneck_1x7_7x1"),
        "2x2 max pool": ("max_pool_2x2",),
        "3x3 max pool": ("max_pool_3x3",),
        "5x5 max pool": ("max_pool_5x5",),
        "7x7 max pool": ("max_pool_7x7",),
        "2x2 average pool": ("avg_pool_2x2",),
        "3x3 average pool": ("avg_pool_3x3",),
        "5x5 average pool": ("avg_pool_5x5",),
        "7x7 average pool": ("avg_pool_7x7",),
        NONE: (NONE,),
    }
)
_MARK = "x"


def operations_table(spaces: Mapping[str, str] = TABLE_1) -> str:
    """Returns a table in Markdown: a row for each operation, a column for each space.

    Args:
        spaces: Names of spaces by the headings of their columns.

    Raises:
        ValueError: If there is no space of a name.
    """
    columns = {title: get_space(name).primitives for title, name in spaces.items()}
    lines = [
        ("operation", *columns),
        ("---", *[":-:"] * len(columns)),
        *(
            (row, *(_MARK if _has(x, names) else "" for x in columns.values()))
            for row, names in _rows(columns).items()
        ),
    ]
    widths = [max(map(len, column)) for column in zip(*lines)]
    return "\n".join(
        f"| {' | '.join(x.ljust(w) for x, w in zip(line, widths))} |" for line in lines
    )


def _rows(columns):
    """The rows that a column has, those of unknown operations last."""
    known = {name for names in _ROWS.values() for name in names}
    others = {name: (name,) for x in columns.values() for name in x}
    others = {name: names for name, names in others.items() if name not in known}
    return {
        row: names
        for row, names in {**_ROWS, **others}.items()
        if any(_has(x, names) for x in columns.values())
    }


def _has(primitives, names):
    return not set(names).isdisjoint(primitives)
