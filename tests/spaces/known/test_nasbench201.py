"""NAS-Bench-201's cells and networks against published figures, and its gradients."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.network_cost import network_cost
from darts_tf.genotype.cells_genotype import CellsGenotype
from darts_tf.method.methods import DARTS
from tests.long_cases import with_long
from tests.method.method_checks import ORDERS, check_gradient, make_batch
from tests.space.properties import check_space
from tests.spaces.known.nasbench201_networks import (
    NAMED,
    SPACE,
    copy_weights,
    evaluation_network,
    genotype_of_one,
    search_network,
)

NAMES = ("none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3")


def test_cells_of_the_benchmark():
    check_space(SPACE)
    (cell,) = SPACE.cells
    assert cell.alpha_shape == (6, 5) and cell.common_operations == NAMES
    assert [(node + 1, source) for node, source in cell.edges] == [
        *((1, 0), (2, 0), (2, 1)),
        *((3, 0), (3, 1), (3, 2)),
    ]
    sizes = SPACE.choices().values()
    assert np.prod([*sizes]) == 15_625


def test_every_edge_keeps_its_strongest_operation_also_none():
    strengths = np.eye(5)[[0, 1, 2, 3, 4, 0]]
    genotype = SPACE.derive({"nasbench201": strengths})
    assert genotype.cells["nasbench201"].to_lists() == [
        [["none", 0]],
        [["skip_connect", 0], ["nor_conv_1x1", 1]],
        [["nor_conv_3x3", 0], ["avg_pool_3x3", 1], ["none", 2]],
    ]
    assert CellsGenotype.from_json(genotype.to_json()) == genotype


def test_skeleton():
    skeleton = NAMED.skeleton(15, 16)
    kinds = [cell.kind for cell in skeleton.cells]
    blocks = [index for index, kind in enumerate(kinds) if kind == "residual"]
    assert len(kinds) == 17 and blocks == [5, 11]
    channels = [cell.channels for cell in skeleton.cells]
    assert channels == [16] * 5 + [32] * 6 + [64] * 6
    assert skeleton.halvings(16) == 2
    assert [cell.inputs for cell in skeleton.cells] == [(i,) for i in range(-1, 16)]


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("nor_conv_3x3", 1_531_546),
        ("nor_conv_1x1", 241_306),
        ("skip_connect", 73_306),
        ("none", 73_306),
    ],
)
def test_published_numbers_of_weights(name, count):
    network = evaluation_network(genotype_of_one(name), 15, 16, (32, 32, 3), 10)
    assert sum(np.prod(w.shape) for w in network.trainable_weights) == count


def test_cost_lists_the_blocks_and_the_last_normalization():
    network = evaluation_network(genotype_of_one("nor_conv_3x3"), 15, 16, (32, 32, 3))
    cost = network_cost(network)
    by_name = {layer.name: layer for layer in cost.layers}
    assert by_name["cell_5"].weights == 14_464 and by_name["cell_11"].weights == 57_600
    assert by_name["last_normalization"].weights == 128
    # The 3x3 convolutions of a cell of 16 channels at 32x32.
    assert by_name["cell_0"].multiply_adds == 6 * 9 * 16**2 * 32**2


@pytest.mark.parametrize("order", with_long(ORDERS, ["first"]))
def test_gradient(order):
    """Of alpha, against a difference of the whole step in float64."""
    skeleton = NAMED.skeleton(3, 4)
    check_gradient(DARTS, *ORDERS[order], space=SPACE, skeleton=skeleton)


def test_float32_has_the_gradients_of_float64():
    networks = [search_network(dtype) for dtype in ("float64", "float32")]
    networks[1].set_weights(networks[0].get_weights())
    results = []
    for network in networks:
        images, labels = make_batch(0, network.compute_dtype)
        with tf.GradientTape() as tape:
            logits = network(images, training=True)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
            loss = tf.reduce_mean(losses)
        variables = [v.value for v in network.trainable_variables]
        gradients = tape.gradient(loss, variables)
        results.append([gradient.numpy() for gradient in gradients])
    largest = max(np.abs(gradient).max() for gradient in results[0])
    for exact, found in zip(*results, strict=True):
        assert np.abs(found - exact).max() <= 1e-5 * largest


def test_nothing_is_normalized_after_a_pool():
    network = search_network()
    of_pool = NAMES.index("avg_pool_3x3")
    for cell in (network.cells[0], network.cells[-1]):
        for mixed_op in cell.mixed_ops:
            shared = mixed_op.edge_type.shared
            assert {*shared} == {1, of_pool}
            assert mixed_op.edge_type.num_moments(1) == 2 * cell.channels


def test_a_search_network_of_one_hot_coefficients_is_the_derived_one():
    """Operation by operation, with the same kernels and statistics of the batch."""
    search = search_network("float32")
    images, _ = make_batch(0, "float32")
    for number, name in enumerate(NAMES[1:], start=1):
        derived = evaluation_network(genotype_of_one(name))
        copy_weights(search, derived)
        coefficients = tf.one_hot([number] * 6, 5)
        by_kind = {"nasbench201": {"operations": coefficients}}
        np.testing.assert_allclose(
            search(images, training=True, coefficients=by_kind),
            derived(images, training=True),
            rtol=1e-4,
            atol=1e-5,
            err_msg=name,
        )


def test_networks_are_saved_and_loaded(tmp_path):
    images, _ = make_batch(0, "float32")
    search = search_network("float32")
    for network in (search, evaluation_network(search.genotype())):
        network.save(tmp_path / "network.keras")
        loaded = keras.saving.load_model(tmp_path / "network.keras")
        assert loaded.get_config() == network.get_config()
        np.testing.assert_array_equal(loaded(images), network(images))


@pytest.mark.parametrize("cells", [1, 2, 4])
def test_any_number_of_cells(cells):
    images, _ = make_batch(0, "float32")
    search = search_network("float32", cells)
    derived = evaluation_network(search.genotype(), cells)
    for network in (search, derived):
        assert len(network.cells) == cells + 2
        assert network(images, training=True).shape == (5, 3)
