"""Searches that show collapse: the log, the figures, and a search of each space."""

import numpy as np
import pytest

from benchmarks import collapse
from benchmarks.collapse_figures import draw
from benchmarks.collapse_log import COLUMNS, CollapseLog
from benchmarks.collapse_settings import COMPARED, CollapseConfig, Search
from darts_tf.errors import UserError
from tests.trainers import trainer_process


def rows_of(search, accuracy=0.5):
    """Two epochs of a search; its rank halves."""
    missing = float("nan")
    known = search.space == "nasbench201"
    return [
        {
            **search._asdict(),
            "epoch": epoch,
            "step": 100 * epoch,
            "val_accuracy": 0.4,
            "table_test": 80 + epoch + search.seed if known else missing,
            "table_rank": 4000 / epoch if known else missing,
            "skips": epoch,
            "eigenvalue": 0.1 * epoch,
            "trained_accuracy": missing if known else accuracy,
            "seconds": 3,
        }
        for epoch in (1, 2)
    ]


def test_all_methods_are_searched_before_the_next_seed():
    searches = CollapseConfig(seeds=2).searches()
    assert len(searches) == len(set(searches)) == 2 * 2 * len(COMPARED)
    assert [search.seed for search in searches] == sorted(s.seed for s in searches)


def test_the_log_goes_on_where_it_ended(tmp_path):
    path = tmp_path / "log.csv"
    first, second = CollapseConfig().searches()[:2]
    log = CollapseLog(path)
    log.append(rows_of(first))
    again = CollapseLog(path)
    assert again.rows == log.rows
    assert again.holds(first) and not again.holds(second)
    again.append(rows_of(second))
    assert len(path.read_text().splitlines()) == 5
    path.write_text("a,b\n")
    with pytest.raises(UserError, match="no log of this benchmark"):
        CollapseLog(path)


def test_figures_and_tables(tmp_path):
    log = CollapseLog(tmp_path / "log.csv")
    for search in CollapseConfig(seeds=3).searches():
        log.append(rows_of(search, accuracy=0.5 + 0.1 * search.seed))
    tables = draw(log.rows, tmp_path)
    names = sorted(path.name for path in tmp_path.glob("*.svg"))
    assert names == ["collapse_nasbench201.svg", "collapse_s2.svg"]
    assert (
        "| darts, second order | 3 | 2000 (2000 to 2000) | 83 (82 to 84) | "
        "0.2 (0.2 to 0.2) |"
    ) in tables
    assert "| drnas | 3 | 2 (2 to 2) | 0.2 (0.2 to 0.2) | 0.6 (0.5 to 0.7) |" in tables


@pytest.mark.long
@pytest.mark.parametrize("space", ["nasbench201", "s2"])
def test_searches(space, tmp_path):
    arguments = (
        "--dataset=digits",
        f"--spaces={space}",
        "--seeds=1",
        "--epochs=2",
        "--steps_per_epoch=3",
        "--batch_size=8",
        "--init_channels=4",
        "--validation_steps=2",
        "--training_epochs=1",
        f"--log={tmp_path / 'log.csv'}",
        f"--figures={tmp_path}",
        f"--work={tmp_path / 'work'}",
    )
    result = trainer_process.run(collapse, *arguments)
    assert result.returncode == 0, result.stderr
    log = CollapseLog(tmp_path / "log.csv")
    assert set(log.rows[0]) == set(COLUMNS)
    assert len(log.rows) == 2 * len(COMPARED)
    assert all(log.holds(Search(space, *compared, 0)) for compared in COMPARED)
    trained = [float(row["trained_accuracy"]) for row in log.rows]
    assert np.isfinite(trained).all() == (space == "s2")
    again = trainer_process.run(collapse, *arguments)
    assert again.returncode == 0 and "Search 1" not in again.stdout
