"""Runs of several workers as a user starts them, killed, ended and continued."""

import itertools
import math
import os
import signal

import numpy as np
import pytest

from darts_tf.experiments.recurrent_evaluation.data import LanguageData
from tests.language_texts import GENOTYPE, write_texts
from tests.trainers import trainer_process
from tests.trainers.trainer_process import files, metrics, variables
from tests.trainers.worker_processes import Workers
from trainers import eval_ptb, search

EPOCHS = 5
SMALL = (
    "--dataset=digits",
    "--order=first",
    "--layers=1",
    "--init_channels=2",
    "--nodes=1",
    "--batch_size=16",
    "--steps_per_epoch=2",
    f"--epochs={EPOCHS}",
    "--primitives=none,skip_connect,sep_conv_3x3",
)
LOST, TERMINATED = 138, 143


@pytest.fixture
def start(tmp_path):
    """A function that starts `Workers`; none of them outlives the test."""
    started = []

    def start(*arguments, trainer=search, before=None):
        folder = tmp_path / f"start_{len(started)}"
        started.append(Workers(folder, trainer, *arguments, before=before))
        return started[-1]

    yield start
    for workers in started:
        workers.kill()


def last_line(text):
    assert "Traceback" not in text
    return text.strip().splitlines()[-1]


@pytest.mark.long
def test_killed_ended_and_continued(start, tmp_path):
    """Epochs of two devices, of four and of one, as those of one device."""
    folder = tmp_path / "run"
    arguments = (*SMALL, f"--output={folder}")
    workers = start(*arguments)
    workers.wait_for(folder / "checkpoints" / "epoch_0001.index")
    os.kill(workers.processes[1].pid, signal.SIGKILL)
    assert workers.exit_codes(30) == [LOST, -signal.SIGKILL]
    line = last_line(workers.errors()[0])
    assert "Another worker" in line and "same commands continue" in line

    workers = start(*arguments, "--logical_devices=2")
    workers.wait_for(folder / "checkpoints" / "epoch_0003.index")
    os.kill(workers.processes[1].pid, signal.SIGTERM)
    assert workers.exit_codes(30) == [TERMINATED, TERMINATED]
    assert all("Ended by SIGTERM" in last_line(text) for text in workers.errors())
    assert not (folder / "checkpoints" / f"epoch_000{EPOCHS}.index").exists()

    for output in (folder, tmp_path / "straight"):
        result = trainer_process.run(search, *SMALL, f"--output={output}")
        assert result.returncode == 0, result.stderr
    got, expected = (variables(f, EPOCHS) for f in (folder, tmp_path / "straight"))
    assert got.keys() == expected.keys()
    for name in got:
        np.testing.assert_allclose(got[name], expected[name], rtol=1e-3, atol=1e-5)
    for row, other in zip(metrics(folder), metrics(output), strict=True):
        values, expected = ([float(v) for v in r.values()] for r in (row, other))
        np.testing.assert_allclose(values, expected, rtol=1e-4)


def test_other_settings_are_refused(start, tmp_path):
    output = tmp_path / "run"
    differ = ["--logical_devices=1", "--logical_devices=2"]
    workers = start(*SMALL, f"--output={output}", ["--seed=1", "--seed=2"], differ)
    assert workers.exit_codes(60) == [1, 1]
    for text in workers.errors():
        line = last_line(text)
        assert "seed: 1 on worker 0, 2 on worker 1" in line
        assert "devices of all workers: 2 on worker 0, 4 on worker 1" in line
    assert not output.exists()


def spoil_second_validation():
    """Makes the second validation loss of a language model no number."""
    counts = itertools.count(1)
    valid_loss = LanguageData.valid_loss

    def spoilt(data, evaluation):
        return math.nan if next(counts) == 2 else valid_loss(data, evaluation)

    LanguageData.valid_loss = spoilt


@pytest.mark.long
def test_language_model(start, tmp_path):
    """Both workers go back after a spoilt epoch, and begin to average, as one does."""
    GENOTYPE.save(tmp_path / "genotype_best.json")
    arguments = (
        f"--genotype={tmp_path}",
        f"--data_dir={write_texts(tmp_path / 'text')}",
        "--hidden_size=8",
        "--batch_size=4",
        "--valid_batch_size=2",
        "--sequence_length=6",
        "--epochs=3",
        "--averaging_patience=0",
    )
    folder, straight = tmp_path / "run", tmp_path / "straight"
    options = {"trainer": eval_ptb, "before": spoil_second_validation}
    workers = start(*arguments, f"--output={folder}", **options)
    result = trainer_process.run(
        eval_ptb,
        *arguments,
        f"--output={straight}",
        before=spoil_second_validation,
    )
    assert result.returncode == 0, result.stderr
    assert workers.exit_codes(60) == [0, 0], workers.errors()
    assert files(folder) == files(straight)
    rows = list(zip(metrics(folder), metrics(straight), strict=True))
    assert [row["recoveries"] for row, _ in rows] == ["0", "1", "1"]
    assert rows[-1][0]["averaging"] == "1"
    for row, expected in rows:
        got, expected = ([float(v) for v in r.values()] for r in (row, expected))
        np.testing.assert_allclose(got, expected, rtol=1e-5)
