"""The nine spaces of DARTS-Bench-Suite against the paper's tables."""

import pytest

from darts_tf.convolutional.edges import AuxiliarySkip
from darts_tf.convolutional.primitives import DARTS_PRIMITIVES
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.spaces.registry import get_space
from darts_tf.tasks.configuration import configured
from tests.space.properties import check_space

# Channels, cells, nodes and batch size of a search.
SIZES = {
    "wide": (18, 4, 4, 96),
    "deep": (7, 18, 4, 64),
    "single_cell": (26, 1, 8, 96),
}
WITHOUT_SKIP = (
    "none",
    "max_pool_3x3",
    "avg_pool_3x3",
    "sep_conv_3x3",
    "sep_conv_5x5",
    "dil_conv_3x3",
    "dil_conv_5x5",
)


@pytest.mark.parametrize("network", SIZES)
@pytest.mark.parametrize("operations", ["regular", "no_skip", "all_skip"])
def test_sizes_and_operations(network, operations):
    named = get_space(f"{network}_{operations}")
    sizes = ("init_channels", "layers", "nodes", "batch_size")
    assert tuple(named.search[name] for name in sizes) == SIZES[network]
    for name in ("init_channels", "layers"):
        assert named.training[name] == named.search[name]
    assert (named.training["epochs"], named.training["batch_size"]) == (300, 512)
    assert named.training["auxiliary"] is False
    wanted = WITHOUT_SKIP if operations == "no_skip" else DARTS_PRIMITIVES
    assert named.primitives == wanted
    assert named.auxiliary_skip == (operations == "all_skip")


@pytest.mark.parametrize("network", SIZES)
def test_places_of_the_reduction_cells(network):
    named = get_space(f"{network}_regular")
    channels, cells, nodes, _ = SIZES[network]
    space = named.search_space(nodes)
    assert named.skeleton(cells, channels) is None
    network = SearchNetwork(10, channels, cells, space=space)
    places = {4: (1, 2), 18: (6, 12), 1: (0,)}
    assert network.reductions == places[cells]
    assert network.skeleton.stem[0].filters == 3 * channels


def test_the_single_cell_has_44_edges_and_an_output_of_its_last_four_nodes():
    space = get_space("single_cell_no_skip").search_space(8)
    (cell,) = space.cells
    assert (cell.kind, cell.alpha_shape) == ("reduce", (44, 7))
    check_space(space)
    network = SearchNetwork(10, 26, 1, space=space)
    network.build((None, 8, 8, 3))
    derived = network.genotype().cells["reduce"]
    assert derived.outputs == (6, 7, 8, 9)
    assert [len(node) for node in derived.nodes] == [2] * 8
    assert network.cells[0].channels == 52
    assert network.classifier.kernel.shape == (4 * 52, 10)


def test_auxiliary_skips_are_searched_with_and_trained():
    config = configured(SearchConfig(), space="wide_all_skip")
    assert config.search_method().edge == AuxiliarySkip(1.0, "constant", 100)
    genotype = Genotype.published("DARTS_V2")
    trained = get_space("wide_all_skip").trained_genotype(genotype)
    assert trained.normal.to_lists()[0] == [
        ["sep_conv_3x3", 0],
        ["skip_connect", 0],
        ["sep_conv_3x3", 1],
        ["skip_connect", 1],
    ]
    assert trained.reduce.outputs == genotype.reduce.outputs
    assert len(trained.reduce.edges) == 2 * len(genotype.reduce.edges)
    assert get_space("wide_regular").trained_genotype(genotype) is genotype
