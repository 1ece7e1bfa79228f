"""Bytes that parts move, by hand."""

import pytest

from darts_tf.convolutional.skeleton import darts_skeleton
from darts_tf.costs import DerivedNetwork, NetworkPart
from darts_tf.costs.known.moved_bytes import MovedBytes
from darts_tf.costs.known.weights import Weights
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.spaces.registry import get_space


def operation(primitive, stride=1, inputs=4):
    return NetworkPart("operation", primitive, stride, inputs, 4, 7, 5)


@pytest.mark.parametrize(
    ("part", "values"),
    [
        (operation("skip_connect"), 0),
        (operation("none", 2), 0),
        (operation("max_pool_3x3"), 2 * 7 * 5 * 4),
        # A factorized reduction: two kernels of 4 x 2, and a scale and an offset.
        (operation("skip_connect", 2), 7 * 5 * 4 + 16 + 8 + 4 * 3 * 4),
        (NetworkPart("stem", "", 2, 3, 8, 9, 9, "valid"), 243 + 216 + 16 + 4 * 4 * 8),
        (NetworkPart("classifier", "", 1, 6, 10, 4, 4), 96 + 70 + 10),
        (NetworkPart("output", "", 1, 4, 12, 7, 5), 2 * 7 * 5 * 12),
        (NetworkPart("call", "", 1, 3, 3, 9, 9), 0),
    ],
    ids=str,
)
def test_parts(part, values):
    assert MovedBytes().of_part(part) == 4 * values


def test_a_network_moves_more_than_its_weights():
    skeleton = darts_skeleton(3, 4)
    network = DerivedNetwork(get_space("darts"), skeleton, (16, 16, 3), 10)
    parts = network.parts(Genotype.published("DARTS_V2"))
    assert MovedBytes().of_parts(parts) > 4 * Weights().of_parts(parts)
