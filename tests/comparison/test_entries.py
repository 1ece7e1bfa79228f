import math

import pytest

from darts_tf.comparison.config import ComparisonConfig
from darts_tf.comparison.entries import by_dataset, published_entries, run_entries
from darts_tf.comparison.entry import Measured
from darts_tf.comparison.network_size import size_of
from darts_tf.comparison.reading import read_runs
from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.convolutional.network_cost import network_cost
from darts_tf.genotype import Genotype
from tests.comparison.made_runs import (
    change,
    image_search,
    image_training,
    text_training,
)

QUICK = ComparisonConfig(sizes=False)


def entries_of(*folders, config=QUICK):
    return run_entries(*read_runs(folders), config)


def test_mean_and_sample_deviation():
    found = Measured.of([1.0, 2.0, 6.0])
    assert found.mean == 3 and found.deviation == pytest.approx(math.sqrt(7))
    assert Measured.of([4.0]) == Measured(4.0, None)
    assert Measured.of([4.0, None]) is None


def test_runs_of_the_same_cells_and_recipe_are_one_line(tmp_path):
    folders = [
        image_training(tmp_path / f"run{seed}", error, seed=seed)
        for seed, error in enumerate((3.0, 3.2, 3.7))
    ]
    other = image_training(tmp_path / "short", 5.0, batch_size=8)
    together, alone = entries_of(*folders, other)
    assert together.error.mean == pytest.approx(3.3)
    assert together.error.deviation == pytest.approx(math.sqrt(0.13))
    assert len(together.trainings) == 3 and together.search is None
    assert alone.error.deviation is None
    # The names of both cells are the same.
    assert (together.title, alone.title) == ("DARTS_V2, run0", "DARTS_V2, short")


def test_the_search_of_the_cells(tmp_path):
    folder = image_search(tmp_path / "found", [0.5, 0.6], [7200, 36000])
    training = image_training(tmp_path / "run", 3.0, search=folder)
    config = ComparisonConfig(sizes=False, device_count=2)
    (entry,) = entries_of(training, folder, config=config)
    assert entry.title == "darts, second order (found)"
    assert entry.search_hours == 24 and entry.search_days == 1
    assert entry.operations == 7 and entry.search_method == "gradient-based"
    change(folder, last={"seconds": ""})
    (entry,) = entries_of(training, folder, config=config)
    assert entry.search_hours is None and entry.search_days is None


def test_the_search_of_a_row(tmp_path):
    sizes = dict.fromkeys(("layers", "init_channels", "auxiliary"))
    names = ("pnas_cifar10", "random_cifar10")
    pnas, drawn = entries_of(
        *(image_training(tmp_path / name, 3.0, name, **sizes) for name in names)
    )
    assert pnas.title == "pnas_cifar10" and pnas.search_days == 225
    assert drawn.search_method == "random" and drawn.search_hours is None


def test_published_entries():
    tables = by_dataset(published_entries(None))
    counts = {name: len(entries) for name, entries in tables.items()}
    assert counts == {"cifar10": 14, "imagenet2012": 11, "ptb": 10}
    named = {x.row.name: x for x in published_entries("cifar10")}
    assert len(named) == 14
    second = named["darts_v2_cifar10"]
    assert second.error == Measured(2.76, 0.09) and second.search_hours == 96
    assert named["densenet_bc_cifar10"].search_hours is None


def test_sizes_are_those_of_the_network(tmp_path):
    sizes = {"layers": 3, "init_channels": 4, "auxiliary": True}
    (training,) = read_runs([image_training(tmp_path / "run", 3.0, **sizes)])[1]
    network = EvaluationNetwork(Genotype.published("DARTS_V2"), 10, 4, 3)
    network.build((None, 32, 32, 3))
    cost = network_cost(network)
    found = size_of(training, builds=True)
    assert found.weights * 1e6 == pytest.approx(cost.weights)
    assert found.multiply_adds * 1e6 == pytest.approx(cost.multiply_adds)
    assert size_of(training, builds=False) == (None, None)
    change(training.run.folder, auxiliary=False)
    (training,) = read_runs([training.run.folder])[1]
    assert size_of(training, builds=False) == (3.349342, None)


def test_sizes_that_cannot_be_counted(tmp_path):
    folder = image_training(tmp_path / "run", 3.0, space="of_my_own")
    (training,) = read_runs([folder])[1]
    assert size_of(training, builds=True) == (None, None)


def test_sizes_of_a_language_model(tmp_path):
    (training,) = read_runs([text_training(tmp_path / "run", 60, 58)])[1]
    assert size_of(training, builds=True) == (4.1106, None)
