"""The spaces of published tables: their lists, cells, searches and drawings."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.evaluation_model import ImageTrainingModel
from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.convolutional.search_model import SearchModel
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.genotype.cells_genotype import CellsGenotype, ImageGenotype
from darts_tf.genotype.motifs_genotype import MotifsGenotype
from darts_tf.optimization.optimizers import MomentumSGD
from darts_tf.report.cell_drawing import draw_genotype
from darts_tf.spaces.known.hierarchical import MOTIFS
from darts_tf.spaces.registry import get_space
from tests.long_cases import with_long
from tests.method.method_checks import make_batch
from tests.space.properties import check_space

# Number of operations, kinds of cells, and shape of alpha of each.
PAIRWISE = {
    "nasnet": (13, ("normal", "reduce")),
    "enas": (5, ("normal", "reduce")),
    "nao": (11, ("normal", "reduce")),
    "pnas": (8, ("pnas",)),
    "amoebanet": (8, ("normal", "reduce")),
    "table1_nasnet": (13, ("normal", "reduce")),
    "table1_enas": (5, ("normal", "reduce")),
    "table1_nao": (10, ("normal", "reduce")),
    "table1_pnasnet": (7, ("pnas",)),
    "table1_evolutionary": (6, ("normal", "reduce")),
}
OTHERS = ("table1_darts", "hierarchical")
NAMES = (*PAIRWISE, *OTHERS)


def space_of(name):
    named = get_space(name)
    return named.search_space(named.search.get("nodes", 4))


@pytest.mark.parametrize("name", PAIRWISE)
def test_five_nodes_of_two_pairs(name):
    space, (operations, kinds) = space_of(name), PAIRWISE[name]
    assert space.name == name and space.kinds == kinds
    for cell in space.cells:
        assert cell.alpha_shape == (20, operations)
        assert "none" not in cell.common_operations
        assert (cell.num_nodes, cell.edges_per_node) == (5, "pairs")
        assert cell.outputs == ("all" if "pnas" in name else "unused")


def test_other_forms():
    (cell,) = space_of("hierarchical").cells
    # Five nodes, the first of which is the input, and all edges between them.
    assert cell.alpha_shape == (10, 7)
    assert [(n + 1, s) for n, s in cell.edges][-4:] == [(4, 0), (4, 1), (4, 2), (4, 3)]
    darts, listed = (space_of(name) for name in ("darts", "table1_darts"))
    assert listed.cells == darts.cells


@pytest.mark.parametrize("name", NAMES)
def test_properties(name):
    check_space(space_of(name), count=10)


@pytest.mark.parametrize("name", NAMES)
def test_sampling_reaches_every_operation_of_every_edge(name):
    space, rng = space_of(name), np.random.default_rng(0)
    seen = set()
    for _ in range(250):
        seen |= set(zip(space.choices(), space.encode(space.sample(rng))))
    assert len(seen) == sum(space.choices().values())


@pytest.mark.parametrize("name", NAMES)
def test_random_alphas_derive_different_genotypes(name):
    space, rng = space_of(name), np.random.default_rng(0)
    found = {
        space.derive({k: rng.normal(size=s) for k, s in space.alpha_shapes().items()})
        for _ in range(20)
    }
    assert len(found) == 20


@pytest.mark.parametrize("name, published", [("enas", "ENAS"), ("pnas", "PNAS")])
def test_published_cells_are_in_their_spaces(name, published):
    space, genotype = space_of(name), ImageGenotype.published(published)
    assert space.decode(space.encode(genotype)) == genotype


@pytest.mark.parametrize("name", NAMES)
def test_drawings(name):
    """As of all cells: a label on each edge, a figure for each kind."""
    genotype = space_of(name).sample(np.random.default_rng(0))
    figures = draw_genotype(genotype)
    assert len(figures) == len(genotype.cells)
    for figure, cell in zip(figures.values(), genotype.cells.values(), strict=True):
        texts = [text.get_text() for text in figure.axes[0].texts]
        for primitive in genotype.primitives:
            assert texts.count(primitive) == cell.count(primitive)


def test_drawings_of_motifs():
    genotype = MOTIFS.sample(np.random.default_rng(0))
    assert len(draw_genotype(genotype)) == 7


@pytest.mark.parametrize("name", with_long(NAMES, ["hierarchical"]))
def test_a_search_ends_with_a_genotype_that_trains(name):
    keras.utils.set_random_seed(1)
    named = get_space(name)
    space, skeleton = named.search_space(2), named.skeleton(3, 4)
    network = SearchNetwork(3, 4, 3, space=space, skeleton=skeleton)
    network.build((None, 8, 8, 3))
    before = [alpha.numpy() for alpha in network.alphas]
    model = SearchModel(network, order="first")
    model.compile()
    pairs = (make_batch(0, "float32"), make_batch(1, "float32"))
    model.fit(tf.data.Dataset.from_tensors(pairs), verbose=0)
    for alpha, old in zip(network.alphas, before, strict=True):
        # Every row has a gradient.
        assert (np.abs(alpha.numpy() - old).max(axis=1) > 0).all()
    genotype = network.genotype()
    assert space.decode(space.encode(genotype)) == genotype
    check_training(named, genotype)


def check_training(named, genotype):
    """Asserts that the losses of a network fall that has the cells of a genotype."""
    keras.utils.set_random_seed(2)
    skeleton = named.skeleton(3, 4)
    trained = EvaluationNetwork(
        named.trained_genotype(genotype),
        3,
        init_channels=4,
        num_cells=3,
        auxiliary=False,
        skeleton=skeleton,
    )
    trained.build((None, 8, 8, 3))
    model = ImageTrainingModel(trained)
    model.compile(MomentumSGD(0.05, 0.9, 0.0))
    batches = tf.data.Dataset.from_tensors(make_batch(0, "float32"))
    losses = model.fit(batches, epochs=6, verbose=0).history["loss"]
    assert losses[-1] < losses[0]


def test_motifs_train_as_their_flat_cell():
    named = get_space("hierarchical")
    genotype = MotifsGenotype.published("hierarchical")
    trained = named.trained_genotype(genotype)
    assert trained == CellsGenotype((("hierarchical", genotype.flat),))


@pytest.mark.parametrize("name", ["nasnet", "pnas", "table1_nao"])
def test_skeletons_for_large_images(name):
    named = get_space(name)
    small, large = (named.skeleton(3, 8, stem) for stem in ("cifar", "imagenet"))
    assert len(large.cells) == len(small.cells) + 2
    assert [cell.channels for cell in large.cells[:2]] == [2, 4]
    last = len(large.cells) - 1
    assert large.halvings(last) == small.halvings(last - 2) + 3


def test_enas_has_no_network_for_large_images():
    with pytest.raises(ValueError, match="stem"):
        get_space("enas").skeleton(3, 8, "imagenet")
