"""Whole networks; those of a real table are in tests/experiments."""

import numpy as np
import pytest

from darts_tf.convolutional.skeleton import darts_skeleton
from darts_tf.costs.latency.measuring import Conditions
from darts_tf.costs.latency.verification import (
    VerifiedLatency,
    measured_latency,
    whole_model,
    whole_network,
)
from darts_tf.costs.network_parts import DerivedNetwork
from darts_tf.formats.timing import Timing
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.cells_genotype import CellsGenotype
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.spaces.registry import get_space

CELL = Cell.from_lists([[("sep_conv_5x5", 0), ("sep_conv_5x5", 1)]], [2])


def network_of(layers):
    return DerivedNetwork(get_space("darts"), darts_skeleton(layers, 4), (8, 8, 3), 10)


def test_words():
    certain = VerifiedLatency(2.0, 2.5, 4.0, True)
    assert str(certain) == "predicted 2 ms, measured 2.5 ms (+25.0%)"
    doubtful = VerifiedLatency(2.0, 1.5, 4.0, False)
    expected = "predicted 2 ms, measured 1.5 ms (-25.0%); its measurements do not agree"
    assert str(doubtful) == expected


@pytest.mark.parametrize(
    "times, value, is_certain",
    [((2, 2, 9), 2, True), ((2, 3, 3), 3, True), ((2, 3, 2, 3, 2), 2, False)],
)
def test_a_network_is_timed_until_two_agree(times, value, is_certain):
    left = iter(times)

    class MadeUpTimes(Conditions):
        def time(self, paths):
            assert paths == ["model"]
            seconds = np.full((1, 3), next(left) / 1000)
            return Timing(seconds, seconds)

    found = measured_latency("model", MadeUpTimes("litert"))
    assert found.value == pytest.approx(value) and found.is_certain == is_certain


def test_cells_that_do_not_fit():
    with pytest.raises(ValueError, match="genotype"):
        whole_network(network_of(2), CellsGenotype((("other", CELL), ("more", CELL))))


@pytest.mark.long
def test_numbers_stay_large_enough():
    """Below 1e-38 they would be slow; without the scale those of 20 cells are so."""
    model = whole_model(network_of(20), Genotype(CELL, CELL))
    images = np.random.default_rng(0).uniform(0, 255, (1, 8, 8, 3))
    assert np.abs(model(images)["logits"] - model(0 * images)["logits"]).max() > 1e-20
