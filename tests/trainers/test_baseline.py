"""The binary as a user runs it, in processes of their own."""

import functools
import json

import pytest

from darts_tf.experiments.kinds import read_run
from darts_tf.genotype.cells_genotype import ImageGenotype
from tests.spaces.small_table import write_nasbench201
from tests.trainers import trainer_process
from tests.trainers.trainer_process import kill_when, metrics
from trainers import baseline, compare, eval_cifar

TRIAL = (
    "--dataset=digits",
    "--layers=2",
    "--init_channels=2",
    "--nodes=1",
    "--batch_size=16",
    "--steps_per_epoch=4",
    "--epochs=1",
    "--noauxiliary",
)
SMALL = (*TRIAL, "--method=evolution", "--budget=3")


run = functools.partial(trainer_process.run, baseline)


def test_a_search_on_a_table(tmp_path):
    table = write_nasbench201(tmp_path / "table.npz")
    flags = (f"--table={table}", "--method=local", f"--output={tmp_path / 'run'}")
    result = run(*flags, "--budget=50")
    assert result.returncode == 0, result.stderr
    found = read_run(tmp_path / "run")
    assert len(found.genotypes) == 50
    assert f"Recommended: trial {found.best_trial}, the best of 50." in result.stdout
    for name in ("genotype_best.json", "best_nasbench201.png", "report.html"):
        assert name in result.stdout
    result = run(*flags, "--budget=60", "--seed=7")
    assert result.returncode == 1 and "Traceback" not in result.stderr
    assert "--output=" in result.stderr and "seed: 2 there, 7 now" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--method=annealing",), "--method=annealing: expected one of bayesian"),
        (("--budget=soon",), "--budget=soon: expected a number of trials"),
        (("--table=none.npz",), "table"),
        (("--table=x.npz", "--budget=3h"), "--budget=3h: a table knows neither"),
        (("--strategy=mirrored",), "--workers"),
        (("--genotype=DARTS_V1",), "genotype"),
    ],
)
def test_bad_input_is_one_line(tmp_path, arguments, message):
    result = run(*arguments, f"--output={tmp_path / 'run'}")
    assert result.returncode in (1, 2) and not (tmp_path / "run").exists()
    lines = [x for x in result.stderr.splitlines() if x.startswith("trainers.baseline")]
    assert len(lines) == 1 and message in lines[0]
    assert "Traceback" not in result.stderr


@pytest.fixture(scope="module")
def straight(tmp_path_factory):
    """A search without interruption."""
    folder = tmp_path_factory.mktemp("straight") / "run"
    result = run(*SMALL, f"--output={folder}")
    assert result.returncode == 0, result.stderr
    return folder, result.stdout


def history(folder):
    """What strategy and trials have done, without the times."""
    events = map(json.loads, (folder / "trials.jsonl").read_text().splitlines())
    kept = [{k: x for k, x in event.items() if k != "check"} for event in events]
    for event in kept:
        event.pop("seconds", None)
        event.get("metrics", {}).pop("peak_memory_gb", None)
    return kept


@pytest.mark.long
def test_a_search_trains(straight):
    folder, printed = straight
    assert [row["epoch"] for row in metrics(folder)] == ["1", "2", "3"]
    assert printed.count("validation accuracy") == 3
    found = read_run(folder)
    assert found.cost.steps == 12 and found.cost.device_seconds > 0
    assert (folder / "cells" / "best_reduce.png").exists()


@pytest.mark.long
def test_killed_at_several_moments_it_ends_with_the_same_history(straight, tmp_path):
    folder = tmp_path / "run"
    arguments = (*SMALL, f"--output={folder}")
    log = folder / "trials.jsonl"

    def has(lines):
        return lambda: log.exists() and log.read_bytes().count(b"\n") >= lines

    kill_when((folder / "config.json").exists, baseline, *arguments)
    # In the middle of the first trial, and between the second and the third.
    kill_when(has(1), baseline, *arguments, delay=3)
    kill_when(has(4), baseline, *arguments)
    result = run(*arguments)
    assert result.returncode == 0, result.stderr
    assert "Continuing after " in result.stdout
    assert history(folder) == history(straight[0])
    assert metrics(folder) == metrics(straight[0])
    name = "genotype_best.json"
    assert (folder / name).read_bytes() == (straight[0] / name).read_bytes()


@pytest.mark.long
def test_two_workers_end_with_all_trials(tmp_path):
    folder = tmp_path / "run"
    arguments = (*SMALL, "--method=random", "--workers=2", f"--output={folder}")
    log = folder / "trials.jsonl"
    kill_when(
        lambda: log.exists() and b"told" in log.read_bytes(), baseline, *arguments
    )
    result = run(*arguments)
    assert result.returncode == 0, result.stderr
    events = history(folder)
    for name in ("asked", "told"):
        assert sorted(x[name] for x in events if name in x) == [1, 2, 3]


@pytest.mark.long
def test_what_it_found_is_trained_and_compared(straight, tmp_path):
    folder, training = straight[0], tmp_path / "training"
    flags = [flag for flag in TRIAL if not flag.startswith("--nodes")]
    result = trainer_process.run(
        eval_cifar, *flags, f"--genotype={folder}", f"--output={training}"
    )
    assert result.returncode == 0, result.stderr
    assert read_run(training).genotype == ImageGenotype.from_name_or_file(str(folder))
    result = trainer_process.run(compare, folder, training, "--dataset=digits")
    assert result.returncode == 0, result.stderr
    (line,) = [x for x in result.stdout.splitlines() if x.startswith("evolution (run)")]
    assert line.split()[-2:] == ["evolution", "1"]


@pytest.mark.long
def test_the_cells_of_the_highest_score_are_trained(tmp_path):
    settings = "--method_settings=score=synflow,candidates=4"
    flags = (*TRIAL, "--method=zero_cost", settings, "--scores=synflow", "--budget=2")
    result = run(*flags, f"--output={tmp_path / 'run'}")
    assert result.returncode == 0, result.stderr
    assert "Measuring 4 networks: synflow." in result.stdout
    first, second = (row["synflow"] for row in metrics(tmp_path / "run"))
    assert float(first) > float(second) > 0
    result = run(*flags[:-1], "--budget=3", f"--output={tmp_path / 'run'}")
    assert result.returncode == 0, result.stderr
    scores = [row["synflow"] for row in metrics(tmp_path / "run")]
    assert scores[:2] == [first, second]
