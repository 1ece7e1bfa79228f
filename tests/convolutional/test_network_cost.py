import json

import pytest

from darts_tf.convolutional.evaluation_cell import EvaluationCell
from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.convolutional.network_cost import count_multiply_adds, network_cost
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.weight_count import count_weights

# Rows of the paper's tables: genotype, channels, weights.
CIFAR = [
    ("DARTS_V1", 36, 3_169_414),
    ("DARTS_V2", 36, 3_349_342),
    ("NASNet-A", 32, 3_061_738),
    ("AmoebaNet-A", 36, 3_145_078),
]


def build(genotype, stem="cifar", **arguments):
    network = EvaluationNetwork(Genotype.published(genotype), stem=stem, **arguments)
    size = 32 if stem == "cifar" else 224
    network.build((None, size, size, 3))
    return network


@pytest.mark.parametrize("genotype, channels, weights", CIFAR)
def test_weights_of_the_papers_table(genotype, channels, weights):
    network = build(genotype, init_channels=channels, auxiliary=False)
    assert count_weights(network) == weights


@pytest.mark.parametrize("genotype", ["DARTS_V1", "DARTS_V2", "NASNet", "AmoebaNet"])
@pytest.mark.parametrize("stem", ["cifar", "imagenet"])
def test_golden_weights(golden_folder, stem, genotype):
    table = json.loads((golden_folder / "conv_params.json").read_text())
    entry = table[f"{stem}10/{genotype}" if stem == "cifar" else f"{stem}/{genotype}"]
    network = build(
        {"NASNet": "NASNet-A", "AmoebaNet": "AmoebaNet-A"}.get(genotype, genotype),
        stem,
        num_classes=entry["classes"],
        init_channels=entry["init_channels"],
        num_cells=entry["layers"],
    )
    total, auxiliary = count_weights(network), count_weights(network.auxiliary_head)
    assert total == entry["params_with_auxiliary"]
    assert total - auxiliary == entry["params_without_auxiliary"]


def test_cost_of_the_papers_network_for_imagenet():
    network = build(
        "DARTS_V2", "imagenet", num_classes=1000, init_channels=48, num_cells=14
    )
    cost = network_cost(network)
    assert cost.weights == 4_718_752
    assert round(cost.multiply_adds / 1e5) == 5299
    with_head = sum(layer.weights for layer in cost.layers)
    assert with_head == count_weights(network)
    lines = str(cost).splitlines()
    assert len(lines) == 1 + 3 + 14 + 1 + 1 + 1
    assert lines[-1].split()[-2:] == ["4,718,752", f"{cost.multiply_adds:,}"]


@pytest.mark.parametrize("height, width", [(8, 8), (7, 5)])
@pytest.mark.parametrize("reduction", [False, True])
@pytest.mark.parametrize(
    "primitive, expected",
    [
        ("sep_conv_5x5", lambda c, full, row, half: 2 * half * (25 * c + c * c)),
        ("dil_conv_5x5", lambda c, full, row, half: half * (25 * c + c * c)),
        ("conv_7x1_1x7", lambda c, full, row, half: 7 * c * c * (row + half)),
        ("avg_pool_3x3", lambda c, full, row, half: 0),
    ],
)
def test_multiply_adds_by_hand(primitive, expected, reduction, height, width):
    channels, stride = 4, 2 if reduction else 1
    cell = EvaluationCell([[(primitive, 0)]], [2], channels, reduction)
    cell.build([(None, height, width, 3)] * 2)
    rows, columns = -(-height // stride), -(-width // stride)
    preprocess = 2 * 3 * channels * height * width
    counted = count_multiply_adds(cell) - preprocess
    sizes = height * width, height * columns, rows * columns
    assert counted == expected(channels, *sizes)


def test_without_auxiliary_head():
    network = build("DARTS_V1", num_cells=2, init_channels=4, auxiliary=False)
    cost = network_cost(network)
    assert cost.weights == count_weights(network)
    assert [layer.name for layer in cost.layers] == [
        "stem_0",
        "cell_0",
        "cell_1",
        "classifier",
    ]
