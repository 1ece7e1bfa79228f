"""Search networks of other spaces than that of DARTS."""

import keras
import numpy as np
import pytest

from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.method.methods import DARTS
from darts_tf.space.cell_space import CellSpace
from darts_tf.space.search_space import SearchSpace
from tests.method.method_checks import check_gradient, make_batch

pytestmark = pytest.mark.usefixtures("shared_edges")

OPERATIONS = ("none", "skip_connect", "avg_pool_3x3", "sep_conv_3x3")
BY_EDGE = (
    ("skip_connect", "dil_conv_3x3"),
    ("skip_connect", "sep_conv_3x3"),
    ("skip_connect", "dil_conv_3x3"),
    ("max_pool_3x3", "skip_connect"),
    ("none", "sep_conv_3x3"),
)
SPACES = {
    "operations by edge": SearchSpace(
        "by_edge",
        (
            CellSpace("normal", 2, 2, BY_EDGE, keeps_none=True),
            CellSpace("reduce", 2, 2, ("skip_connect", "max_pool_3x3")),
        ),
    ),
    "one kind, all edges, last node": SearchSpace(
        "all_edges",
        (CellSpace("only", 1, 3, OPERATIONS, "all", outputs=1, keeps_none=True),),
    ),
    "pairs, unused nodes": SearchSpace(
        "pairs",
        tuple(
            CellSpace(kind, 2, 2, OPERATIONS[1:], "pairs", outputs="unused")
            for kind in ("normal", "reduce")
        ),
    ),
    "mean": SearchSpace(
        "mean", (CellSpace("only", 2, 2, OPERATIONS, output_rule="mean"),)
    ),
}


@pytest.mark.parametrize("name", SPACES)
def test_gradient(name):
    check_gradient(DARTS, "second", "exact", space=SPACES[name])


@pytest.mark.parametrize("name", SPACES)
def test_a_network_is_searched_derived_saved_and_loaded(name, tmp_path):
    space = SPACES[name]
    network = SearchNetwork(3, 4, num_cells=3, space=space)
    network.build((None, 8, 8, 3))
    shapes = [tuple(alpha.shape) for alpha in network.alphas]
    assert shapes == list(space.alpha_shapes().values())
    genotype = network.genotype()
    assert space.decode(space.encode(genotype)) == genotype
    images, _ = make_batch(0, "float32")
    network.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras")
    assert loaded.space == space and loaded.genotype() == genotype
    np.testing.assert_array_equal(loaded(images), network(images))


def test_edges_of_one_state_are_grouped_by_their_operations():
    network = SearchNetwork(
        3, 4, num_cells=2, reductions=(1,), space=SPACES["operations by edge"]
    )
    network.build((None, 8, 8, 3))
    fans = [(fan.source, fan.operations, fan.nodes) for fan in network.cells[0].fans]
    assert fans == [
        (0, BY_EDGE[0], (0, 1)),
        (1, BY_EDGE[1], (0,)),
        (1, BY_EDGE[3], (1,)),
        (2, BY_EDGE[4], (1,)),
    ]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (CellSpace("only", 3, 1, OPERATIONS), "1 or 2 inputs"),
        (CellSpace("only", 1, 1, ("none",), keeps_none=True), "that is not zero"),
        (CellSpace("only", 1, 1, ("no_such_name",)), "no_such_name"),
    ],
)
def test_spaces_that_no_network_has_are_refused(cell, message):
    with pytest.raises(ValueError, match=message):
        SearchNetwork(space=SearchSpace("x", (cell,)))
