import pytest

from darts_tf.convolutional.network_cost import network_cost
from darts_tf.errors import UserError
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.recurrent import EvaluationCell, LanguageModel
from darts_tf.weight_count import count_weights
from darts_tf.zoo.cost import cost_of_row, layers_of_row
from darts_tf.zoo.row import PENN_TREEBANK, Published, Row
from tests.zoo.small_rows import CELLS, LARGE, PLAIN, SECRET


@pytest.mark.parametrize("row", [CELLS, PLAIN, LARGE])
def test_the_cost_is_that_of_the_network(row):
    cost, expected = cost_of_row(row), network_cost(row.built())
    assert (cost.weights, cost.multiply_adds) == (
        expected.weights,
        expected.multiply_adds,
    )
    assert cost.row is row and layers_of_row(row) == str(expected)
    cells = Genotype.published("DARTS_V2") if row is CELLS else None
    assert cost.genotype == cells


def test_of_a_network_for_texts_the_tensors_are_listed():
    genotype = RecurrentGenotype.published("DARTS_V1")

    def make(vocabulary_size=5):
        return LanguageModel(vocabulary_size, EvaluationCell(2, genotype))

    row = Row("tiny_ptb", "Tiny", PENN_TREEBANK, "No paper", Published(), make)
    cost = cost_of_row(row)
    assert cost.weights == count_weights(row.built()) and cost.genotype == genotype
    assert cost.multiply_adds is None
    *tensors, last = layers_of_row(row).splitlines()
    numbers = [int(line.split()[-1].replace(",", "")) for line in tensors]
    assert sum(numbers) == cost.weights == int(last.split()[-1].replace(",", ""))
    assert "(5, 2)" in layers_of_row(row)


def test_a_network_that_is_not_public_costs_nothing():
    cost = cost_of_row(SECRET)
    assert cost.weights is cost.multiply_adds is cost.genotype is None
    with pytest.raises(UserError, match="No cell was published"):
        layers_of_row(SECRET)
