"""The rows of the Penn Treebank table: weights, dropouts and recipes."""

import pytest

from darts_tf.experiments.recurrent_evaluation.config import LanguageConfig
from darts_tf.recurrent.language_network import LanguageNetwork
from darts_tf.weight_count import count_weights
from darts_tf.zoo import get_row, rows
from darts_tf.zoo.row import PENN_TREEBANK

# From arithmetic on the layer lists of the papers.
WEIGHTS = {
    "rhn_ptb": 23_482_400,
    "awd_lstm_ptb": 24_221_600,
    "skip_lstm_ptb": 23_979_620,
    "mos_ptb": 21_500_620,
    "nas_ptb": 24_933_200,
    "enas_ptb": 23_983_594,
    "enas_darts_ptb": 23_983_594,
    "random_ptb": 22_960_000,
    "darts_v1_ptb": 22_960_000,
    "darts_v2_ptb": 22_960_000,
}


def test_all_rows_of_the_table_are_there():
    assert {row.name for row in rows(PENN_TREEBANK)} == set(WEIGHTS)


@pytest.mark.parametrize("name", WEIGHTS)
def test_weights_of_the_full_size(name):
    row = get_row(name)
    network = row.build()
    network.build()
    assert isinstance(network, LanguageNetwork)
    assert count_weights(network) == row.weights == WEIGHTS[name]
    assert round(row.weights / 1e6) == row.published.weights


@pytest.mark.parametrize("name", WEIGHTS)
def test_the_recipe_is_of_settings_and_of_the_network(name):
    row = get_row(name)
    config, network = LanguageConfig(**row.training), row.build()
    assert network.dropout == config.dropout
    units = [cell.units for cell in getattr(network, "cells", [])]
    assert max(units or [network.cell.units]) == config.hidden_size


def test_sizes_of_a_row_can_be_others():
    sizes = {"vocabulary_size": 7, "hidden_size": 3, "dropout": {"words": 0.5}}
    for name in WEIGHTS:
        network = get_row(name).build(**sizes, seed=2)
        assert network.vocabulary_size == 7 and network.dropout.words == 0.5


def test_a_drawn_cell_follows_from_its_seed():
    row = get_row("random_ptb")
    cells = [row.build(cell_seed=seed).cell.genotype for seed in (0, 0, 1)]
    assert cells[0] == cells[1] != cells[2]
    assert "none" not in cells[0].primitives and len(cells[0].nodes) == 8
