"""The binary as a user runs it, in a process of its own."""

import pytest

from benchmarks import replication
from benchmarks.replication.items import METHODS, SEARCH
from benchmarks.replication.log import ReplicationLog
from benchmarks.replication.settings import IMAGES
from tests.benchmarks.replication.small_logs import page_in
from tests.trainers import trainer_process


@pytest.mark.long
def test_the_command(tmp_path):
    page = page_in(tmp_path)
    arguments = (
        "--dataset=digits",
        "--only=images",
        "--seeds=1",
        "--trainings=1",
        "--layers=3",
        "--init_channels=4",
        "--batch_size=8",
        "--trials=2",
        "--trial_steps=3",
        "--training_epochs=1",
        "--validation_steps=2",
        f"--log={tmp_path / 'log.csv'}",
        f"--page={page}",
        f"--work={tmp_path / 'work'}",
    )
    result = trainer_process.run(replication, *arguments)
    assert result.returncode == 0, result.stderr
    log = ReplicationLog(tmp_path / "log.csv")
    assert len(log.rows) == 2 * len(METHODS[IMAGES])
    steps = {(x["stage"], x["steps"]) for x in log.rows}
    assert steps == {(SEARCH, "6"), ("training-0", "3")}
    assert "Searches that have ended: 5; trainings: 5." in page.read_text("utf-8")
    # A run that has ended is not done again, also if it is missing in the log.
    path = tmp_path / "log.csv"
    path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[:-1]))
    again = trainer_process.run(replication, *arguments)
    assert again.returncode == 0 and "1 runs to do" in again.stdout
    assert "images/" not in again.stdout and "| random |" in again.stdout
    assert ReplicationLog(path).rows == log.rows
