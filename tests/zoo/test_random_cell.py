import pytest

from darts_tf.weight_count import count_weights
from darts_tf.zoo.known.random_cell import random_network
from darts_tf.zoo.registry import build

SMALL = {"num_cells": 1, "init_channels": 2}


def test_a_seed_fixes_the_cell():
    genotypes = [random_network(seed, **SMALL).genotype for seed in (0, 0, 1)]
    assert genotypes[0] == genotypes[1] != genotypes[2]
    assert build("random_cifar10", **SMALL).genotype == genotypes[0]


@pytest.mark.long
def test_its_size_is_about_that_of_the_published_one():
    network = build("random_cifar10", auxiliary=False)
    network.build((None, 32, 32, 3))
    assert count_weights(network) / 1e6 == pytest.approx(3.2, rel=0.3)
