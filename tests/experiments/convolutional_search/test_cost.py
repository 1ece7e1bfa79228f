"""Runs of searches with a target for the cost of the derived network."""

import csv
import dataclasses
import json

import numpy as np
import pytest

from darts_tf.costs.latency.space_parts import parts_of_space
from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_search.experiment import ConvolutionalSearch
from darts_tf.experiments.convolutional_search.results import read_run
from darts_tf.experiments.kept_epochs import recommended
from tests.costs.latency.small_tables import table_of
from tests.experiments.small_searches import SMALL
from tests.experiments.test_deciding_searches import check_continued

TINY = dataclasses.replace(
    SMALL,
    init_channels=4,
    epochs=3,
    # Alpha stands still, at a derived network that costs too much.
    arch_learning_rate=0.0,
    cost="weights",
    cost_target=0.0016,
    eval_layers=3,
    eval_init_channels=4,
    select_within_target=True,
)
STAGED = dataclasses.replace(
    TINY, stage_epochs=(1,), stage_operations=(2,), stage_carries=True
)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return ConvolutionalSearch(TINY).run(tmp_path_factory.mktemp("cost") / "run")


def rows(folder):
    with open(folder / "metrics.csv", newline="") as file:
        return [*csv.DictReader(file)]


def check_multipliers(folder):
    """They grow by the same in each epoch."""
    found = np.array([float(row["cost_multiplier"]) for row in rows(folder)])
    assert found[0] > 0
    np.testing.assert_allclose(found, found[0] * np.arange(1, len(found) + 1), 1e-6)


def test_the_cost_is_in_the_table_and_the_report(run):
    check_multipliers(run)
    assert all(float(row["cost"]) <= TINY.cost_target for row in rows(run))
    report = (run / "report.html").read_text()
    assert 'aria-label="Cost of the derived network"' in report
    assert "cost of the derived network" in report


def test_the_derived_network_is_built_and_counted(run):
    found = json.loads((run / "results.json").read_text())["derived_network"]
    row = rows(run)[recommended(read_run(run)).epoch - 1]
    assert found["cost"] == float(row["cost"]) == found["weights"] / 1e6
    assert found["target"] == TINY.cost_target and found["unit"] == "M weights"
    assert read_run(run).metrics["cost"][-1] == float(rows(run)[-1]["cost"])


@pytest.mark.long
def test_a_run_that_was_cut_off_goes_on_with_its_multiplier(run, tmp_path):
    check_continued(ConvolutionalSearch, TINY, run, tmp_path / "run")


@pytest.mark.long
def test_the_multiplier_goes_on_in_the_next_stage(tmp_path):
    run = ConvolutionalSearch(STAGED).run(tmp_path / "staged")
    check_multipliers(run)
    check_continued(ConvolutionalSearch, STAGED, run, tmp_path / "cut")


@pytest.mark.long
def test_a_target_in_milliseconds_is_checked_on_the_export(tmp_path, capsys):
    network = TINY.space_costs((8, 8, 1), 10).network
    parts = parts_of_space(network, TINY.search_space())
    table = table_of(parts, tmp_path / "table.json")
    table.save(table.path)
    config = dataclasses.replace(
        TINY,
        cost="latency",
        latency_table=table.path,
        # All parts take the same in this table, which nobody has measured.
        cost_target=10.0,
        verify_latency=True,
    )
    run = ConvolutionalSearch(config).run(tmp_path / "run")
    results = json.loads((run / "results.json").read_text())
    assert results["derived_network"]["unit"] == "ms latency"
    found = results["latency"]
    assert found["predicted"] == results["derived_network"]["cost"]
    assert found["measured"] > 0
    words = (
        f"predicted {found['predicted']:.3g} ms, measured {found['measured']:.3g} ms"
    )
    assert f"Latency of the derived network: {words}" in capsys.readouterr().out
    dataclasses.replace(table, threads=2).save(table.path)
    with pytest.raises(UserError, match=r"changed .checksum of `latency_table`: "):
        ConvolutionalSearch(config).run(run)
