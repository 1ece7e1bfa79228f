"""Searches with several targets, and what is measured of their cells."""

import csv
import dataclasses
import re

import numpy as np
import pytest

from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_search.experiment import ConvolutionalSearch
from darts_tf.front import FrontConfig, find_front
from darts_tf.front.run import coefficients_of, front_in_words
from darts_tf.runs.run_folder import RunFolder
from darts_tf.settings import values_of
from darts_tf.space import convolutional_space
from tests.experiments.convolutional_search.test_cost import TINY

CONFIG = FrontConfig(
    **{**dataclasses.asdict(TINY), "cost_target": None, "epochs": 1},
    targets=(0.0016, 0.0031),
    random_cells=3,
    front_batches=1,
)


def test_coefficients_are_the_operations_of_the_genotype():
    space = convolutional_space(("none", "skip_connect", "sep_conv_3x3"), 2)
    genotype = space.sample(np.random.default_rng(0))
    coefficients = coefficients_of(space, genotype)
    arrays = {kind: x["operations"] for kind, x in coefficients.items()}
    assert all(x.sum() == 4 and x.max() == 1 for x in arrays.values())
    derived = space.derive(arrays)
    for kind, cell in derived.cells.items():
        own = [sorted(map(str, node)) for node in genotype.cells[kind].nodes]
        assert [sorted(map(str, node)) for node in cell.nodes] == own


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cost": "none"}, "`cost`=none has no front"),
        ({"cost_target": 1.0}, "give all of them as `targets`"),
        ({"stage_epochs": (1,)}, "`stage_epochs` changes the network"),
        ({"targets": (0.0,)}, "`targets`=0.0: expected"),
        ({"targets": (1.234561, 1.234562)}, "`targets`=.*: expected numbers that dif"),
    ],
)
def test_settings_that_do_not_fit(changes, words):
    with pytest.raises(UserError, match=words):
        dataclasses.replace(CONFIG, **changes)


def test_a_target_that_cannot_be_met_ends_it_before_the_first_search(tmp_path):
    for targets, words in (
        ((0.003, 0.001), "`cost_target`=0.001: "),
        ((), "`targets` names none"),
    ):
        config = dataclasses.replace(CONFIG, targets=targets)
        with pytest.raises(UserError, match=re.escape(words)):
            find_front(config, tmp_path / "front")
    assert not (tmp_path / "front").exists()


def test_a_search_of_other_settings_is_not_taken_for_one_of_these(tmp_path):
    search = ConvolutionalSearch(CONFIG.search_config(0.0031))
    search.prepare()
    before = values_of(search.config)
    folder = RunFolder(tmp_path / "target_0.0031", ConvolutionalSearch.FORMAT)
    with folder.claimed(before):
        words = {"data": {}, "versions": {}, "num_weights": 0, "command": ""}
        folder.write_config(before, **words)
    (folder.path / "results.json").write_text("{}")
    with pytest.raises(UserError, match=r"other settings \(seed"):
        find_front(dataclasses.replace(CONFIG, seed=CONFIG.seed + 1), tmp_path)
    assert not (tmp_path / "target_0.0016").exists()


@pytest.mark.long
def test_each_target_has_a_search_and_all_cells_a_place(tmp_path):
    cells = find_front(CONFIG, tmp_path)
    assert [cell.kind for cell in cells] == ["found"] * 2 + ["random"] * 3
    assert [cell.name for cell in cells[:2]] == ["0.0016", "0.0031"]
    assert all(cell.cost <= float(cell.name) for cell in cells[:2])
    assert all(0 <= cell.error <= 1 for cell in cells)
    with open(tmp_path / "front.csv", newline="") as file:
        rows = [*csv.DictReader(file)]
    assert [float(row["cost"]) for row in rows] == [cell.cost for cell in cells]
    assert (tmp_path / "front.svg").read_text().startswith("<?xml")
    assert len(front_in_words(cells, "M weights").splitlines()) == 2
    before = (tmp_path / "target_0.0016" / "metrics.csv").read_bytes()
    assert find_front(CONFIG, tmp_path) == cells
    assert (tmp_path / "target_0.0016" / "metrics.csv").read_bytes() == before
