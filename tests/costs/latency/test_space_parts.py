import numpy as np
import pytest

from darts_tf.convolutional.skeleton import darts_skeleton
from darts_tf.costs.cost_model import CALL, OPERATION
from darts_tf.costs.latency.space_parts import parts_of_space
from darts_tf.costs.network_parts import DerivedNetwork
from darts_tf.costs.space_costs import SpaceCosts
from darts_tf.errors import UserError
from darts_tf.method.selections import AboveThreshold
from darts_tf.method.slots import Selection
from darts_tf.spaces.registry import get_space
from tests.costs.latency.small_tables import table_of


def network_of(space, layers=3):
    skeleton = space.skeleton(layers, 4) or darts_skeleton(layers, 4)
    return DerivedNetwork(space, skeleton, (8, 8, 3), 10)


@pytest.mark.parametrize(
    "name",
    ["darts", "nasbench201", "s1", pytest.param("nasnet", marks=pytest.mark.long)],
)
def test_genotypes_that_are_drawn_have_no_others(name):
    named = get_space(name)
    network, space = network_of(named), named.search_space(2 if name != "nasnet" else 5)
    found = parts_of_space(network, space)
    rng = np.random.default_rng(7)
    for _ in range(50):
        assert set(network.parts(space.sample(rng))) <= found
    assert sum(part.layer == CALL for part in found) == 1


@pytest.mark.parametrize("name", ["darts", "nasbench201", "s1"])
def test_a_table_of_them_says_all_that_a_search_asks_for(name):
    named = get_space(name)
    network, space = network_of(named), named.search_space(2)
    costs = SpaceCosts(network, table_of(parts_of_space(network, space)))
    genotype = space.sample(np.random.default_rng(3))
    assert costs.of(genotype) == pytest.approx(len(network.parts(genotype)) / 100)
    least, most = costs.attainable(space, Selection())
    # Numbers are added up in other orders.
    assert 0 < least <= costs.of(genotype) + 1e-9 <= most + 2e-9
    assert costs.by_edge(space, genotype).fixed > 0 and costs.unit == "ms latency"


def test_cells_of_fewer_outputs():
    named, selection = get_space("darts"), AboveThreshold(0.5)
    network, space = network_of(named), named.search_space(3)
    few = parts_of_space(network, space)
    found = parts_of_space(network, space, fewer_outputs=True)
    assert few < found
    with pytest.raises(UserError, match="has no entry for "):
        SpaceCosts(network, table_of(few)).attainable(space, selection)
    assert SpaceCosts(network, table_of(found)).attainable(space, selection)[0] > 0


def test_every_operation_in_every_place():
    """Two kinds of cells, in which an edge leaves an input or a node."""
    named = get_space("darts")
    found = parts_of_space(network_of(named), named.search_space(2))
    operations = [part for part in found if part.layer == OPERATION]
    places = {(x.stride, x.inputs, x.height) for x in operations}
    # The first reduction cell is number 1, and the second number 2.
    assert places == {(1, 4, 8), (2, 8, 8), (1, 8, 4), (2, 16, 4), (1, 16, 2)}
    for place in places:
        names = {
            x.primitive for x in operations if (x.stride, x.inputs, x.height) == place
        }
        assert names == {*named.primitives}
