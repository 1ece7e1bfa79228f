"""The binary as a user runs it, in processes of their own."""

import csv
import functools
import json
import os
import resource
import shutil

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.genotype.cells_genotype import ImageGenotype
from darts_tf.genotype.genotype_of_run import genotype_in
from darts_tf.spaces.cell_table import CellTable
from tests.long_cases import with_long
from tests.trainers import trainer_process
from tests.trainers.trainer_process import files, kill_when, metrics, variables
from trainers import eval_cifar, export, search

SMALL = (
    "--dataset=digits",
    "--order=first",
    "--layers=2",
    "--init_channels=2",
    "--nodes=1",
    "--batch_size=16",
    "--steps_per_epoch=8",
    "--epochs=3",
    "--primitives=none,max_pool_3x3,skip_connect,sep_conv_3x3",
)


run = functools.partial(trainer_process.run, search)


@pytest.fixture(scope="module")
def straight(tmp_path_factory):
    """A search without interruption."""
    folder = tmp_path_factory.mktemp("straight") / "run"
    result = run(*SMALL, f"--output={folder}")
    assert result.returncode == 0, result.stderr
    return folder, result.stdout


def test_a_run_folder_holds_everything(straight):
    folder, printed = straight
    names = {str(path.relative_to(folder)) for path in folder.rglob("*")}
    cells = [
        f"cells/{role}_{kind}.{suffix}"
        for role in ("best", "latest")
        for kind in ("normal", "reduce")
        for suffix in ("svg", "png")
    ]
    epochs = [f"genotypes/epoch_00{epoch}.json" for epoch in (1, 2, 3)]
    wanted = {"config.json", "metrics.csv", "report.html", *cells, *epochs}
    wanted |= {"genotype_best.json", "genotype_latest.json", "alphas/epoch_003.npz"}
    assert wanted <= names
    assert not [name for name in names if name.endswith(".tmp")]
    assert [row["epoch"] for row in metrics(folder)] == ["1", "2", "3"]
    for name in ("genotype_best.json", "best_normal.png", "report.html"):
        assert name in printed
    assert (
        len([line for line in printed.splitlines() if "validation loss" in line]) == 3
    )
    assert f"Recommended: {genotype_in(folder).which}." in printed
    results = json.loads((folder / "results.json").read_text())
    # A step of first order is two passes.
    assert (results["steps"], results["passes"]) == (24, 48)
    with open(folder / "metrics.csv", newline="") as file:
        seconds = sum(float(row["seconds"]) for row in csv.DictReader(file))
    assert results["device_seconds"] == pytest.approx(seconds)


def test_tensorboard_has_curves_and_pictures(straight):
    tags = set()
    for file in (straight[0] / "tensorboard").iterdir():
        for event in tf.compat.v1.train.summary_iterator(str(file)):
            tags |= {value.tag for value in event.summary.value}
    wanted = {"loss", "learning_rate", "gradient_norm", "entropy_normal"}
    wanted |= {"softmax_alpha_normal/edge_01/sep_conv_3x3", "skip_connect_normal"}
    assert wanted | {"alpha_normal", "cell_reduce"} <= tags


@pytest.mark.long
def test_killed_twice_equals_not_killed(straight, tmp_path):
    folder = tmp_path / "run"
    arguments = (*SMALL, f"--output={folder}")
    kill_when((folder / "checkpoints" / "epoch_0000.index").exists, search, *arguments)
    kill_when((folder / "genotypes" / "epoch_002.json").exists, search, *arguments)
    result = run(*arguments)
    assert result.returncode == 0, result.stderr
    assert "Continuing after epoch" in result.stdout
    expected, got = (variables(path, 3) for path in (straight[0], folder))
    assert expected.keys() == got.keys() and len(got) > 20
    for name in expected:
        np.testing.assert_array_equal(expected[name], got[name], err_msg=name)
    assert metrics(straight[0]) == metrics(folder)
    for name in ("genotype_best.json", "genotypes/epoch_003.json"):
        assert (straight[0] / name).read_bytes() == (folder / name).read_bytes()


def test_a_finished_run_stays_as_it_is(straight):
    folder, printed = straight
    before = {p: p.read_bytes() for p in folder.glob("*") if p.is_file()}
    result = run(*SMALL, f"--output={folder}")
    assert result.returncode == 0
    assert result.stdout.split("normal cell")[1] == printed.split("normal cell")[1]
    assert before == {p: p.read_bytes() for p in folder.glob("*") if p.is_file()}


def test_profile_of_an_old_run(straight, tmp_path):
    """A run that began without a profile may continue with one."""
    folder = shutil.copytree(straight[0], tmp_path / "run")
    for file in (folder / "checkpoints").glob("epoch_0003*"):
        file.unlink()
    assert not list(folder.rglob("*.xplane.pb"))
    result = run(*SMALL, f"--output={folder}", "--profile")
    assert result.returncode == 0, result.stderr
    (profile,) = (folder / "tensorboard").rglob("*.xplane.pb")
    assert b"FusedBatchNorm" in profile.read_bytes()
    assert metrics(folder) == metrics(straight[0])


@pytest.mark.long
def test_continued_on_two_devices(straight, tmp_path):
    """A run on one device may go on with two, and leaves the same files."""
    folder = shutil.copytree(straight[0], tmp_path / "run")
    for file in (folder / "checkpoints").glob("epoch_0003*"):
        file.unlink()
    result = run(*SMALL, f"--output={folder}", "--logical_devices=2")
    assert result.returncode == 0, result.stderr
    assert files(folder) == files(straight[0])
    # The same variables, so that one device may go on with them, too.
    got, expected = (variables(path, 3) for path in (folder, straight[0]))
    assert got.keys() == expected.keys()
    for name in got:
        np.testing.assert_allclose(got[name], expected[name], rtol=1e-3, atol=1e-5)
    for row, expected_row in zip(metrics(folder), metrics(straight[0]), strict=True):
        values, expected = ([float(v) for v in r.values()] for r in (row, expected_row))
        np.testing.assert_allclose(values, expected, rtol=1e-4)


def fails(folder, *arguments, **options):
    """One line of error, exit code 1 or 2, and no file that was not there."""
    before = sorted(folder.rglob("*"))
    result = run(*arguments, **options)
    assert result.returncode in (1, 2), result.stdout
    assert "Traceback" not in result.stderr
    assert sorted(folder.rglob("*")) == before
    return result.stderr


@pytest.mark.parametrize(
    "arguments, message",
    [
        (("--no_such_flag=1",), "no_such_flag"),
        (("stray",), "stray"),
        (("--epochs=0",), "--epochs"),
        (("--dataset=cifar10", "--data_dir={tmp}/none"), "--data_dir"),
        (("--batch_size=2000",), "fewer than --batch_size=2000"),
        (("--primitives=none",), "--primitives"),
        (("--output=/proc/run",), "--output=/proc/run"),
    ],
)
def test_bad_input(tmp_path, arguments, message):
    arguments = [argument.format(tmp=tmp_path) for argument in arguments]
    output = f"--output={tmp_path / 'run'}"
    assert message in fails(tmp_path, *SMALL, output, *arguments)


def test_other_settings_are_refused(straight):
    message = fails(straight[0], *SMALL, f"--output={straight[0]}", "--seed=3")
    assert "seed: 2 there, 3 now" in message


def test_nan_keeps_the_last_good_state(tmp_path):
    folder = tmp_path / "run"
    result = run(*SMALL, f"--output={folder}", "--learning_rate=1e30")
    assert result.returncode == 65 and "Traceback" not in result.stderr
    assert "nan at step" in result.stderr or "inf at step" in result.stderr
    values = variables(folder, 0).values()
    assert all(np.isfinite(value).all() for value in values)


def limit_file_sizes():
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


def test_no_space_keeps_the_last_checkpoint(tmp_path):
    """A limit on the size of files stands for a disk that is full."""
    folder = tmp_path / "run"
    result = run(*SMALL, f"--output={folder}", before=limit_file_sizes)
    assert result.returncode == 1 and "Traceback" not in result.stderr
    assert "too large" in result.stderr
    assert json.loads((folder / "config.json").read_text())
    assert not [name for name in os.listdir(folder) if name.endswith(".tmp")]


@pytest.mark.parametrize(
    "order", ["first", pytest.param("second", marks=pytest.mark.long)]
)
def test_loss_falls_on_cifar10(data_folder, tmp_path, order):
    result = run(
        f"--order={order}",
        f"--data_dir={data_folder}",
        f"--output={tmp_path / 'run'}",
        "--layers=3",
        "--init_channels=4",
        "--nodes=1",
        "--primitives=none,max_pool_3x3,skip_connect,sep_conv_3x3",
        "--batch_size=16",
        "--epochs=2",
        "--steps_per_epoch=40",
        "--validation_steps=2",
    )
    assert result.returncode == 0, result.stderr
    first, last = metrics(tmp_path / "run")
    assert float(last["loss"]) < float(first["loss"]) - 0.05


TINY = (
    "--dataset=digits",
    "--order=first",
    "--init_channels=2",
    "--batch_size=16",
    "--steps_per_epoch=2",
    "--validation_steps=1",
    "--epochs=1",
)
# Sizes of a search, and the kinds of its cells.
SPACES = {
    "s1": (("--layers=2", "--nodes=2"), ("normal", "reduce")),
    "s2": (("--layers=2", "--nodes=1"), ("normal", "reduce")),
    "s3": (("--layers=2", "--nodes=1"), ("normal", "reduce")),
    "s4": (("--layers=2", "--nodes=1"), ("normal", "reduce")),
    "nasbench201": (("--layers=3", "--nodes=2"), ("nasbench201",)),
    "wide_no_skip": (("--layers=3", "--nodes=1"), ("normal", "reduce")),
    "single_cell_regular": (("--nodes=5",), ("reduce",)),
}


@pytest.mark.parametrize("space", with_long(SPACES, ["s4"]))
def test_a_genotype_of_a_named_space_is_trained_and_exported(space, tmp_path):
    sizes, kinds = SPACES[space]
    folder = tmp_path / "search"
    result = run(*TINY, *sizes, f"--space={space}", f"--output={folder}")
    assert result.returncode == 0, result.stderr
    drawings = {path.name for path in (folder / "cells").glob("best_*.png")}
    assert drawings == {f"best_{kind}.png" for kind in kinds}
    assert (folder / "report.html").is_file()
    found = ImageGenotype.load(folder / "genotype_best.json")
    assert tuple(found.cells) == kinds
    trained = tmp_path / "trained"
    result = trainer_process.run(
        eval_cifar,
        *TINY[:1],
        *TINY[2:],
        *(size for size in sizes if "nodes" not in size),
        f"--genotype={folder}",
        f"--output={trained}",
    )
    assert result.returncode == 0, result.stderr
    settings = json.loads((trained / "config.json").read_text())["settings"]
    assert settings["space"] == space
    exported = tmp_path / "exported"
    result = trainer_process.run(export, f"--run={trained}", f"--output={exported}")
    assert result.returncode == 0, result.stderr
    assert ("noise" in result.stdout) == ("noise" in found.primitives)


def test_a_table_is_printed_and_shown(tmp_path, table_folder):
    folder, path = tmp_path / "run", table_folder / "nasbench201.npz"
    arguments = ("--space=nasbench201", "--layers=1", f"--table={path}")
    result = run(*TINY, *arguments, "--epochs=2", f"--output={folder}")
    assert result.returncode == 0, result.stderr
    table, rows = CellTable(path), metrics(folder)
    for epoch, row in enumerate(rows, start=1):
        genotype = ImageGenotype.load(folder / f"genotypes/epoch_{epoch:03d}.json")
        entry = table.entry(genotype.cells["nasbench201"])
        shown = [float(row[f"table_{name}"]) for name in entry._fields]
        assert shown == list(entry)
        assert f"rank {entry.rank} of 15,625" in result.stdout
    assert "In the table" in (folder / "report.html").read_text()


def test_a_damaged_table_is_one_line_before_work_starts(tmp_path):
    (tmp_path / "table.npz").write_bytes(b"no table")
    arguments = ("--space=nasbench201", f"--table={tmp_path / 'table.npz'}")
    result = run(*TINY, *arguments, f"--output={tmp_path / 'run'}")
    assert result.returncode == 1 and "Traceback" not in result.stderr
    assert "expected an .npz file with a table of cells" in result.stderr
    assert not (tmp_path / "run").exists()
