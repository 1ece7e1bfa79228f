"""Pointwise convolutions of all edges against those of each."""

import pytest

from darts_tf.convolutional.operations import pointwise
from darts_tf.convolutional.operations.grouped.pointwise import product
from tests.convolutional.operations.grouped.by_edge import compare, normal


@pytest.mark.parametrize("edges", [1, 3])
def test_product(edges):
    def multiply(x, kernel):
        return product(*pointwise.pointwise(x, kernel))

    compare(
        multiply, pointwise.pointwise, [normal(edges, 4, 2, 3, 5)], [normal(3, 4, 6)]
    )


@pytest.mark.parametrize("phase", [0, 1])
@pytest.mark.parametrize("sides", [(4, 6), (5, 7)])
def test_phases(sides, phase):
    def of_phase(x):
        return pointwise.phases(x)[phase]

    compare(of_phase, of_phase, [normal(2, 3, 2, *sides)])


def test_reduction_by_phases():
    images = [normal(1, 4, 2, 3, 5, seed=seed) for seed in (1, 2)]
    kernels = [normal(3, 4, filters, seed=3) for filters in (2, 3)]
    compare(pointwise.reduce_by_phases, pointwise.reduce_by_phases, images, kernels)
