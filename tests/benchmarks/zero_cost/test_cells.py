import numpy as np

from benchmarks.zero_cost.cells import (
    CLASSES,
    NAMED,
    SPACE,
    accuracies,
    all_cells,
    counted,
    sampled,
)
from benchmarks.zero_cost.settings import ZeroCostConfig
from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.convolutional.network_cost import network_cost
from tests.benchmarks.zero_cost.small_tables import SMALL, write_cells


def test_accuracies_are_those_of_the_cells(tmp_path):
    table = write_cells(tmp_path / "table.npz")
    valid, test = accuracies(ZeroCostConfig(table=table))
    np.testing.assert_array_equal(valid, -test)
    # The last edge of a cell is the first of this table.
    rows = [np.ravel_multi_index((x[-1], *x[:-1]), [5] * 6) for x in all_cells()]
    np.testing.assert_array_equal(valid, np.array(rows) / 200)


def test_more_cells_begin_with_the_same_ones():
    few, many = (sampled(ZeroCostConfig(table="x", cells=n)) for n in (20, 60))
    assert many[:20] == few and len(set(many)) == 60
    assert sampled(ZeroCostConfig(table="x", cells=20, seed=1)) != few


def test_what_is_counted_is_what_a_network_has():
    config = ZeroCostConfig(table="x", **SMALL)
    counts = counted(config, (8, 8, 3))
    for index in (0, 15_624, *sampled(config)[:2]):
        network = EvaluationNetwork(
            SPACE.decode(all_cells()[index]),
            CLASSES,
            auxiliary=False,
            skeleton=NAMED.skeleton(1, 4),
        )
        network.build((None, 8, 8, 3))
        cost = network_cost(network)
        assert counts["weights"][index] == cost.weights
        assert counts["multiply_adds"][index] == cost.multiply_adds
