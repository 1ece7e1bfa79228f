import numpy as np

from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.weight_count import count_weights
from darts_tf.zero_cost.registry import get_score
from tests.zero_cost.chain import SHAPE, built_chain


def test_a_chain():
    # Of each convolution the kernel, a scale and an offset.
    expected = (2 * 5 + 2 * 5) + (5 * 3 + 2 * 3) + (3 * 4 + 4)
    assert get_score("weights")(built_chain(), np.zeros((2, *SHAPE))) == expected


def test_an_auxiliary_head_does_not_count():
    genotype = Genotype.published("DARTS_V2")
    network = EvaluationNetwork(genotype, 3, init_channels=4, num_cells=3)
    network.build((None, 32, 32, 3))
    score = get_score("weights")(network, np.zeros((2, 32, 32, 3)))
    head = count_weights(network.auxiliary_head)
    assert head > 0 and score == count_weights(network) - head
