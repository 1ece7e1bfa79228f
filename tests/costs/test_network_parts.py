import numpy as np
import pytest

from darts_tf.convolutional.network_cost import network_cost
from darts_tf.convolutional.skeleton import darts_skeleton
from darts_tf.costs.known.mult_adds import MultiplyAdds
from darts_tf.costs.known.weights import Weights
from darts_tf.costs.network_parts import DerivedNetwork
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.cells_genotype import CellsGenotype
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.spaces.known.hierarchical import MOTIFS
from darts_tf.spaces.registry import get_space

SHORT = ("s1", "nasbench201")
LONG = ("darts", "enas", "pnas", "amoebanet", "single_cell_all_skip")


def derived(name, stem="cifar", layers=3, size=13):
    space = get_space(name)
    skeleton = space.skeleton(layers, 4, stem) or darts_skeleton(layers, 4, stem)
    return DerivedNetwork(space, skeleton, (size, size - 1, 3), 5)


def check(network, genotype):
    parts, cost = network.parts(genotype), network_cost(network.built(genotype))
    assert Weights().of_parts(parts) == cost.weights
    assert MultiplyAdds().of_parts(parts) == cost.multiply_adds


@pytest.mark.parametrize(
    "name", [*SHORT, *(pytest.param(name, marks=pytest.mark.long) for name in LONG)]
)
def test_the_parts_cost_what_the_built_network_costs(name):
    network = derived(name)
    space = network.space.search_space(2)
    check(network, space.sample(np.random.default_rng(5)))


@pytest.mark.long
@pytest.mark.parametrize("name", ["darts", "nasnet"])
def test_stem_for_large_images(name):
    network = derived(name, "imagenet", size=43)
    space = network.space.search_space(2)
    check(network, space.sample(np.random.default_rng(0)))


@pytest.mark.long
def test_nodes_that_no_other_reads_make_the_width_of_the_output():
    network = derived("amoebanet")
    space = network.space.search_space(3)
    rng, widths = np.random.default_rng(1), set()
    for _ in range(3):
        genotype = space.sample(rng)
        widths.add(len(genotype.cells["normal"].outputs))
        check(network, genotype)
    assert len(widths) > 1


def test_a_cell_without_some_nodes_and_one_with_an_input_as_output():
    missing = Cell.from_lists([[("sep_conv_3x3", 0)], []], [2])
    with_input = Cell.from_lists([[("max_pool_3x3", 1)]], [0, 2])
    check(derived("darts"), Genotype(missing, with_input))


@pytest.mark.long
def test_motifs_cost_what_their_flat_cell_costs():
    network = derived("hierarchical")
    check(network, MOTIFS.sample(np.random.default_rng(2)))


def test_a_single_cell_stands_in_all_places():
    cell = Cell.from_lists([[("dil_conv_3x3", 0), ("skip_connect", 1)]], [2])
    check(derived("darts"), CellsGenotype((("only", cell),)))


def test_the_papers_cell():
    """The weights in section 3.3 of the paper, by the sum of the parts alone."""
    skeleton = darts_skeleton(14, 48, "imagenet")
    network = DerivedNetwork(get_space("darts"), skeleton, (224, 224, 3), 1000)
    parts = network.parts(Genotype.published("DARTS_V2"))
    assert Weights().of_parts(parts) == 4_718_752
    assert Weights().in_units(4_718_752) == 4.718752
