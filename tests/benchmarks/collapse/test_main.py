"""The binary as a user runs it, in a process of its own."""

import numpy as np
import pytest

from benchmarks import collapse
from benchmarks.collapse.log import COLUMNS, CollapseLog
from benchmarks.collapse.settings import COMPARED, Search
from tests.benchmarks.collapse.search_rows import page_in
from tests.trainers import trainer_process


@pytest.mark.long
@pytest.mark.parametrize("space", ["nasbench201", "s2"])
def test_searches(space, tmp_path):
    page = page_in(tmp_path)
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
        f"--page={page}",
        f"--work={tmp_path / 'work'}",
    )
    result = trainer_process.run(collapse, *arguments)
    assert result.returncode == 0, result.stderr
    log = CollapseLog(tmp_path / "log.csv")
    assert set(log.rows[0]) == set(COLUMNS)
    assert len(log.rows) == 2 * len(COMPARED)
    assert all(log.holds(Search(space, *compared, 0)) for compared in COMPARED)
    assert "Searches that have ended: 6 of 6." in page.read_text("utf-8")
    trained = [float(row["trained_accuracy"]) for row in log.rows]
    assert np.isfinite(trained).all() == (space == "s2")
    again = trainer_process.run(collapse, *arguments)
    assert again.returncode == 0 and "has ended:" not in again.stdout
    other = trainer_process.run(collapse, *arguments, "--epochs=3")
    assert other.returncode == 1 and "has had other settings" in other.stderr
    more = trainer_process.run(collapse, *arguments, "--seeds=2", "--report")
    assert more.returncode == 0 and "ended: 6 of 12." in more.stdout
