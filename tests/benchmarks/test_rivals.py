"""The comparison of strategies: curves, the figure and the table."""

import numpy as np
import pytest

from benchmarks import rivals
from benchmarks.rival_figure import rival_figure, rival_table
from benchmarks.rival_searches import Curves, curves_of
from benchmarks.rival_settings import Rival, RivalsConfig
from darts_tf.report.figure_files import figure_to_svg
from darts_tf.rivals import get_strategy, strategy_names
from darts_tf.spaces.cell_table import CellTable
from tests.spaces.small_table import write_nasbench201
from tests.trainers import trainer_process


@pytest.fixture(scope="module")
def table_path(tmp_path_factory):
    return write_nasbench201(tmp_path_factory.mktemp("table") / "table.npz")


def test_all_configurations_are_compared():
    found = RivalsConfig(table="x").rivals()
    assert len(set(found)) == len(found)
    for name in strategy_names():
        configurations = {x.configuration for x in found if x.strategy == name}
        assert configurations == set(get_strategy(name).CONFIGURATIONS)


def test_a_search_keeps_the_best_so_far(table_path):
    config, table = (
        RivalsConfig(table=table_path, evaluations=30),
        CellTable(table_path),
    )
    valid, test = curves_of(config, Rival("evolution", "nats_bench"), 1, table)
    assert valid.shape == (30,) and (np.diff(valid) >= 0).all() and valid[0] < valid[-1]
    # What is best in validation is worst in the test of this table.
    np.testing.assert_allclose(valid + test, table.best.valid)
    again = curves_of(config, Rival("evolution", "nats_bench"), 1, table)
    assert (again == (valid, test)).all()


def test_table_and_figure():
    valid = np.array([[1.0, 2, 3], [2, 2, 5], [1, 4, 4]])
    found = {
        Rival("random", "paper"): Curves(valid - 1, valid + 10, 0.5),
        Rival("evolution", "paper"): Curves(valid, valid + 20, 0.25),
        Rival("evolution", "nats_bench"): Curves(valid + 0.5, valid + 20, 0.25),
    }
    lines = rival_table(found, 5.0).splitlines()
    assert [line.split(" | ")[1] for line in lines[2:]] == [
        "nats_bench",
        "paper",
        "paper",
    ]
    assert lines[3] == (
        "| evolution | paper | 4.00 (3.50 to 4.50) | 1.00 (0.50 to 1.50) | 33% | "
        "24.00 (23.50 to 24.50) | 0.25 |"
    )
    figure = rival_figure(found, 5.0, "cifar10")
    panel = figure.axes[0]
    assert [line.get_label() for line in panel.lines[:3]] == list(map(str, found))
    medians = panel.lines[1].get_data()
    assert [list(values) for values in medians] == [[2, 3], [2, 4]]
    assert b"<svg" in figure_to_svg(figure)


@pytest.mark.long
def test_the_command(table_path, tmp_path):
    result = trainer_process.run(
        rivals,
        f"--table={table_path}",
        "--seeds=12",
        "--evaluations=20",
        "--strategies=random,local",
        f"--figure={tmp_path / 'figure.svg'}",
    )
    assert result.returncode == 0, result.stderr
    assert "12 searches of each" in result.stdout
    assert len(result.stdout.splitlines()) == 3 + 1 + 2 + 3
    assert (tmp_path / "figure.svg").exists()
    result = trainer_process.run(rivals, f"--table={tmp_path / 'none.npz'}")
    assert result.returncode == 1 and result.stderr.count("\n") == 1
    assert "none.npz" in result.stderr
