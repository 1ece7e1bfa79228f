"""Scores of the cells of a table: what is counted, the network, the log, the figure."""

import math

import numpy as np
import pytest

from benchmarks import zero_cost
from benchmarks.zero_cost_cells import (
    CLASSES,
    NAMED,
    SPACE,
    accuracies,
    all_cells,
    counted,
    sampled,
)
from benchmarks.zero_cost_figure import ScoredCells, zero_cost_figure, zero_cost_table
from benchmarks.zero_cost_log import MEASURED, ZeroCostLog
from benchmarks.zero_cost_network import ScoredNetwork, images_of
from benchmarks.zero_cost_settings import ZeroCostConfig
from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.convolutional.network_cost import network_cost
from darts_tf.report.figure_files import figure_to_svg
from tests.spaces.small_table import write_table
from tests.trainers import trainer_process

SMALL = {"layers": 1, "init_channels": 4, "batch_size": 6, "cells": 4}


@pytest.fixture(scope="module")
def table_path(tmp_path_factory):
    """A table of the cells of nasbench201, each of another accuracy."""
    edges = [(3, 2), (1, 0), (2, 0), (2, 1), (3, 0), (3, 1)]
    cells = np.array([*np.ndindex(*[5] * 6)], np.uint8)
    return write_table(
        tmp_path_factory.mktemp("table") / "table.npz",
        operations=np.array(NAMED.primitives),
        edges=np.array(edges),
        cells=cells,
        cifar10_valid=np.arange(len(cells)) / 200,
        cifar10_test=-np.arange(len(cells)) / 200,
    )


def test_accuracies_are_those_of_the_cells(table_path):
    valid, test = accuracies(ZeroCostConfig(table=table_path))
    np.testing.assert_array_equal(valid, -test)
    # The last edge of a cell is the first of this table.
    rows = [np.ravel_multi_index((x[-1], *x[:-1]), [5] * 6) for x in all_cells()]
    np.testing.assert_array_equal(valid, np.array(rows) / 200)


def test_more_cells_begin_with_the_same_ones():
    few, many = (sampled(ZeroCostConfig(table="x", cells=n)) for n in (20, 60))
    assert many[:20] == few and len(set(many)) == 60
    assert sampled(ZeroCostConfig(table="x", cells=20, seed=1)) != few


def test_what_is_counted_is_what_a_network_has():
    config = ZeroCostConfig(table="x", **SMALL)
    counts = counted(config, (8, 8, 3))
    for index in (0, 15_624, *sampled(config)[:2]):
        network = EvaluationNetwork(
            SPACE.decode(all_cells()[index]),
            CLASSES,
            auxiliary=False,
            skeleton=NAMED.skeleton(1, 4),
        )
        network.build((None, 8, 8, 3))
        cost = network_cost(network)
        assert counts["weights"][index] == cost.weights
        assert counts["multiply_adds"][index] == cost.multiply_adds


def test_scores_of_one_network():
    config = ZeroCostConfig(table="x", **SMALL)
    images = images_of(config)
    assert images.shape == (6, 8, 8, 1)
    first, second = (ScoredNetwork(config, images) for _ in range(2))
    options = (3, 2, 1, 0, 4, 3)
    scores = first.scores(options)
    assert tuple(scores) == MEASURED and np.isfinite([*scores.values()]).all()
    nothing = first.scores((0,) * 6)
    assert nothing == {"jacob_cov": -math.inf, "nwot": -math.inf, "synflow": 0}
    # What it has scored before changes nothing.
    assert second.scores(options) == pytest.approx(scores, rel=1e-4)


def test_the_log_knows_the_settings(tmp_path):
    config = ZeroCostConfig(table="x", **SMALL)
    scores = {7: dict(zip(MEASURED, (-math.inf, 2.5, 1e40)))}
    ZeroCostLog(tmp_path / "log.csv").add(config, scores)
    log = ZeroCostLog(tmp_path / "log.csv")
    assert log.found(config) == scores
    assert not log.found(ZeroCostConfig(table="x", **{**SMALL, "batch_size": 7}))
    # The table and the number of cells change no score.
    assert log.found(ZeroCostConfig(table="y", **{**SMALL, "cells": 9})) == scores


def test_table_and_figure():
    values = np.arange(40.0)
    accuracies = np.stack([values, values[::-1]])
    found = [
        ScoredCells("first", values, accuracies),
        ScoredCells("second", np.where(values > 3, -values, -np.inf), accuracies),
    ]
    lines = zero_cost_table(found).splitlines()
    # Those of minus infinity are the lowest, and share their rank.
    expected = np.corrcoef(values, [2.5] * 4 + [*range(40, 4, -1)])[0, 1]
    assert lines[2].startswith(f"| second | 40 | {expected:.3f} (")
    assert lines[3] == "| first | 40 | 1.000 | -1.000 |"
    figure = zero_cost_figure(found, "title")
    assert len(figure.axes) == 3
    (points,) = figure.axes[0].collections
    np.testing.assert_array_equal(
        points.get_offsets(), np.stack([values, 39 - values], 1)
    )
    assert b"<svg" in figure_to_svg(figure)


@pytest.mark.long
def test_the_command(table_path, tmp_path):
    arguments = [f"--{name}={value}" for name, value in SMALL.items()]
    arguments += [
        f"--table={table_path}",
        f"--log={tmp_path / 'log.csv'}",
        f"--figure={tmp_path / 'figure.svg'}",
    ]
    result = trainer_process.run(zero_cost, *arguments)
    assert result.returncode == 0, result.stderr
    assert "4 cells to score with 6 images of digits" in result.stdout
    assert (tmp_path / "figure.svg").exists()
    again = trainer_process.run(zero_cost, *arguments)
    assert "0 cells to score" in again.stdout
    assert again.stdout.splitlines()[1:] == result.stdout.splitlines()[2:]
    (tmp_path / "log.csv").write_text("a,b\n")
    result = trainer_process.run(zero_cost, *arguments)
    assert result.returncode == 1 and result.stderr.count("\n") == 1
    assert "--log" in result.stderr and "no log of this benchmark" in result.stderr
