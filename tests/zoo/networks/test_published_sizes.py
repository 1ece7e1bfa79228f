"""The published networks that are no cells, at their real sizes."""

import pytest

from darts_tf.zoo.cost import cost_of_row
from darts_tf.zoo.networks.sequential_network import SequentialNetwork
from darts_tf.zoo.registry import rows
from darts_tf.zoo.row import CIFAR10

ROWS = [
    row
    for row in rows()
    if isinstance(row.make, type) and issubclass(row.make, SequentialNetwork)
]


def test_there_are_all():
    assert {row.name for row in ROWS} >= {
        "densenet_bc_cifar10",
        "hierarchical_cifar10",
        "inception_v1_imagenet",
        "mobilenet_imagenet",
        "shufflenet_2x_imagenet",
    }


@pytest.mark.long
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_weights_and_multiply_adds(row, record_property):
    cost = cost_of_row(row)
    assert cost.weights == row.weights
    assert row.published.weights == pytest.approx(cost.weights / 1e6, rel=0.1)
    if row.multiply_adds:
        assert cost.multiply_adds / 1e6 == pytest.approx(row.multiply_adds, rel=1e-3)
    record_property(row.name, f"{cost.weights:,}, {cost.multiply_adds / 1e6:.1f} M")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_stem_is_that_of_the_data(row):
    assert row.make.stem == ("cifar" if row.dataset == CIFAR10 else "imagenet")
