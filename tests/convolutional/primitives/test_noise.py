"""Noise on an edge: other values on each, the same in all passes over a batch."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.autodiff.named_gradients import for_inference
from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.convolutional.evaluation_operation import EvaluationOperation
from darts_tf.convolutional.mixed_op import MixedOp
from darts_tf.convolutional.search_model import SearchModel
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.convolutional.step_noise import parts
from darts_tf.distribution.batch_draws import seed_of_replica
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.method.search.architecture_search import TRAIN, VALID
from darts_tf.spaces.registry import get_space
from tests.method.method_checks import make_batch

S4 = get_space("s4")
SEED = tf.constant([3, 4], tf.int64)


def mixed_op_of_noise(recompute=False, stride=1):
    mixed_op = MixedOp(("noise", "sep_conv_3x3"), 2, stride, recompute)
    mixed_op.build((None, 9, 8, 4))
    return mixed_op


def of_mixed_op(mixed_op, x, coefficients, seed=SEED):
    noise = parts(seed_of_replica(seed), 2)
    return mixed_op(inputs=x, coefficients=coefficients, training=True, noise=noise)


@pytest.mark.parametrize("stride", [1, 2])
def test_values_are_standard_normal_and_others_on_each_edge(stride):
    x = tf.random.normal([200, 9, 8, 4])
    coefficients = tf.constant([[1.0, 0.0], [2.0, 0.0]])
    first, second = of_mixed_op(mixed_op_of_noise(stride=stride), x, coefficients)
    assert first.shape == second.shape == ((200, 9, 8, 4), (200, 5, 4, 4))[stride - 1]
    count = np.prod(first.shape)
    for values, scale in ((first, 1), (second, 2)):
        assert abs(np.mean(values)) < 4 * scale / np.sqrt(count)
        assert abs(np.std(values) / scale - 1) < 4 / np.sqrt(2 * count)
    correlation = np.corrcoef(np.ravel(first), np.ravel(second))[0, 1]
    assert abs(correlation) < 4 / np.sqrt(count)


@pytest.mark.parametrize("recompute", [False, True])
def test_the_state_has_no_gradient_and_the_coefficient_has_the_noise(recompute):
    mixed_op = mixed_op_of_noise(recompute)
    x = tf.random.normal([2, 9, 8, 4])
    coefficients = tf.constant([[0.5, 0.0], [0.5, 0.0]])

    @tf.function(autograph=False)
    def compute():
        with tf.GradientTape() as tape:
            tape.watch([x, coefficients])
            first, second = of_mixed_op(mixed_op, x, coefficients)
            total = tf.reduce_sum(first) + 3 * tf.reduce_sum(second)
        return (first, second), tape.gradient(total, [x, coefficients])

    (first, second), (in_x, in_coefficients) = compute()
    np.testing.assert_array_equal(in_x, np.zeros(x.shape))
    sums = [2 * np.sum(first), 6 * np.sum(second)]
    np.testing.assert_allclose(in_coefficients[:, 0], sums, rtol=1e-4)


def test_a_seed_decides_all_values():
    mixed_op, x = mixed_op_of_noise(), tf.zeros([2, 9, 8, 4])
    coefficients = tf.fill([2, 2], 0.5)
    results = [
        of_mixed_op(mixed_op, x, coefficients, s) for s in (SEED, SEED, SEED + 1)
    ]
    np.testing.assert_array_equal(results[0], results[1])
    assert not np.isclose(results[0], results[2]).any()


def make_search(dtype="float32"):
    keras.utils.set_random_seed(1)
    network = SearchNetwork(
        3, 4, num_cells=2, space=S4.search_space(1), reductions=(1,), dtype=dtype
    )
    network.build((None, 8, 8, 3))
    model = SearchModel(network, order="first", seed=5)
    model.compile()
    return model


def test_a_network_has_new_values_at_each_call_or_those_of_a_seed():
    network = make_search().network
    images, _ = make_batch(0, "float32")
    for training in (False, True):
        assert not np.allclose(
            network(images, training=training), network(images, training=training)
        )
    first, second = (
        network(images, training=True, noise=seed_of_replica(SEED)) for _ in "ab"
    )
    np.testing.assert_array_equal(first, second)


def test_the_batches_of_a_step_have_seeds_of_their_own_and_each_step_others():
    model = make_search()
    seeds = [model._drawn(role)["noise"].numpy() for role in (TRAIN, VALID)]
    again = [model._drawn(role)["noise"].numpy() for role in (TRAIN, VALID)]
    np.testing.assert_array_equal(seeds, again)
    model.optimizer.iterations.assign(1)
    seeds += [model._drawn(role)["noise"].numpy() for role in (TRAIN, VALID)]
    assert len({tuple(seed) for seed in seeds}) == 4


def test_a_search_has_the_same_bits_again():
    pairs = tf.data.Dataset.from_tensors(
        (make_batch(0, "float32"), make_batch(1, "float32"))
    ).repeat(2)
    values = []
    for _ in range(2):
        model = make_search()
        model.fit(pairs, epochs=1, verbose=0)
        values.append([v.numpy() for v in model.network.trainable_variables])
    for first, second in zip(*values, strict=True):
        np.testing.assert_array_equal(first, second)


def make_derived():
    nodes = [[("noise", 0), ("sep_conv_3x3", 1)]]
    cell = Cell.from_lists(nodes, [2])
    network = EvaluationNetwork(Genotype(cell, cell), 3, 2, num_cells=2)
    network.build((None, 8, 8, 3))
    return network


def test_a_derived_network_has_new_values_also_in_evaluation():
    network = make_derived()
    images, _ = make_batch(0, "float32")
    assert network.draws_noise
    for training in (False, True):
        assert not np.allclose(
            network(images, training=training), network(images, training=training)
        )
    operation = EvaluationOperation("noise", 4, stride=2)
    operation.build()
    assert not operation.trainable_weights
    assert operation({"input": tf.zeros([2, 9, 8, 4])}).shape == (2, 5, 4, 4)


def test_what_is_exported_draws_standard_normal_values_too():
    operation = EvaluationOperation("noise", 4, stride=2)
    operation.build()
    with for_inference():
        values = operation({"input": tf.zeros([300, 9, 8, 4])})
    count = np.prod(values.shape)
    assert values.shape == (300, 5, 4, 4) and np.isfinite(values).all()
    assert abs(np.mean(values)) < 4 / np.sqrt(count)
    assert abs(np.std(values) - 1) < 4 / np.sqrt(2 * count)


def test_a_derived_network_is_saved_and_its_checkpoint_has_the_state_of_its_noise(
    tmp_path,
):
    network = make_derived()
    network.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras")
    assert loaded.genotype == network.genotype
    for first, second in zip(loaded.weights, network.weights, strict=True):
        np.testing.assert_array_equal(first, second)
    images, _ = make_batch(0, "float32")
    states = [variable.numpy() for variable in network.variables]
    expected = network(images)
    for variable, state in zip(network.variables, states):
        variable.assign(state)
    np.testing.assert_array_equal(network(images), expected)
