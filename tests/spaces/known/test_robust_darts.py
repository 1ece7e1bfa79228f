"""S1 to S4 against the paper's lists, edge by edge."""

import pytest

from darts_tf.method.methods import DARTS
from darts_tf.spaces.registry import get_space
from tests.long_cases import with_long
from tests.method.method_checks import ORDERS, check_gradient
from tests.space.properties import check_space

# S1 as its authors list it: for each edge the node, the source, and the operations of
# the normal and of the reduction cell by their first letters.
S1 = """
0 0 skip dil3  max avg
0 1 skip dil5  max dil3
1 0 skip dil5  max avg
1 1 skip sep3  max avg
1 2 skip dil3  skip dil5
2 0 max skip   max avg
2 1 skip sep3  max sep3
2 2 skip sep3  skip dil3
2 3 skip dil3  skip dil5
3 0 skip sep3  max avg
3 1 max skip   max avg
3 2 skip dil3  skip dil5
3 3 dil3 dil5  skip dil5
3 4 dil3 dil5  skip dil5
"""
NAMES = {
    "skip": "skip_connect",
    "max": "max_pool_3x3",
    "avg": "avg_pool_3x3",
    "sep3": "sep_conv_3x3",
    "dil3": "dil_conv_3x3",
    "dil5": "dil_conv_5x5",
}


def test_s1_edge_by_edge():
    space = get_space("s1").search_space(4)
    assert space.alpha_shapes() == {"normal": (14, 2), "reduce": (14, 2)}
    lines = [line.split() for line in S1.strip().splitlines()]
    assert len(lines) == 14
    for row, (node, source, *operations) in enumerate(lines):
        names = [NAMES[name] for name in operations]
        for kind, expected in (("normal", names[:2]), ("reduce", names[2:])):
            cell = space.of(kind)
            assert cell.row(int(node), int(source)) == row
            assert list(cell.operations_of(row)) == expected, (kind, row)


@pytest.mark.parametrize(
    ("name", "operations"),
    [
        ("s2", ("skip_connect", "sep_conv_3x3")),
        ("s3", ("none", "skip_connect", "sep_conv_3x3")),
        ("s4", ("noise", "sep_conv_3x3")),
        (
            "s5",
            (
                "max_pool_3x3",
                "avg_pool_3x3",
                "skip_connect",
                "sep_conv_3x3",
                "sep_conv_5x5",
                "dil_conv_3x3",
                "dil_conv_5x5",
            ),
        ),
    ],
)
def test_the_others_have_the_same_operations_on_all_edges(name, operations):
    space = get_space(name).search_space(4)
    assert space.kinds == ("normal", "reduce")
    for cell in space.cells:
        assert cell.alpha_shape == (14, len(operations))
        assert cell.common_operations == operations
        assert (cell.edges_per_node, cell.outputs, cell.keeps_none) == (2, "all", False)


@pytest.mark.parametrize("name", ["s1", "s2", "s3", "s4"])
def test_properties(name):
    named = get_space(name)
    check_space(named.search_space(4))
    assert named.training == {"layers": 8, "init_channels": 16}
    assert not named.search and named.skeleton(8, 16) is None


def test_fewer_nodes_have_the_first_edges_of_s1():
    space = get_space("s1").search_space(2)
    assert space.of("reduce").operations_of(4) == ("skip_connect", "dil_conv_5x5")
    with pytest.raises(ValueError, match="`num_nodes`, expected at most 4 in S1"):
        get_space("s1").search_space(5)


@pytest.mark.parametrize("order", with_long(ORDERS, ["first"]))
def test_the_noise_of_a_step_is_that_of_one_function(order):
    """A difference of the whole step, all passes of which see the same noise."""
    check_gradient(DARTS, *ORDERS[order], space=get_space("s4").search_space(2))


@pytest.mark.long
@pytest.mark.parametrize("order", ORDERS)
def test_gradient_in_s1(order):
    check_gradient(DARTS, *ORDERS[order], space=get_space("s1").search_space(3))
