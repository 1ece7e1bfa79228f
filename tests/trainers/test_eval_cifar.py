"""The binary as a user runs it, in processes of their own."""

import functools
import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.trainers import trainer_process
from tests.trainers.trainer_process import kill_when, metrics, variables
from trainers import eval_cifar

SMALL = (
    "--genotype=DARTS_V2",
    "--dataset=digits",
    "--layers=2",
    "--init_channels=2",
    "--batch_size=16",
    "--steps_per_epoch=6",
    "--validation_steps=4",
    "--epochs=3",
)


run = functools.partial(trainer_process.run, eval_cifar)


@pytest.fixture(scope="module")
def straight(tmp_path_factory):
    """A training without interruption."""
    folder = tmp_path_factory.mktemp("straight") / "run"
    result = run(*SMALL, f"--output={folder}")
    assert result.returncode == 0, result.stderr
    return folder, result.stdout


def test_a_run_folder_holds_everything(straight):
    folder, printed = straight
    names = {str(path.relative_to(folder)) for path in folder.rglob("*")}
    models = {"model_best.keras", "model_latest.keras"}
    wanted = {"config.json", "metrics.csv", "predictions.npz", "report.html"} | models
    assert wanted <= names
    assert not [name for name in names if name.endswith(".tmp")]
    config = json.loads((folder / "config.json").read_text())
    assert config["format"] == "darts_tf.image_training"
    assert config["settings"]["layers"] == 2 and config["num_weights"] > 1000
    assert config["genotype"]["normal"] and config["data"]["num_valid"] > 300
    assert config["command"].startswith("python -m trainers.eval_cifar --genotype=")
    rows = metrics(folder)
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    rates = [float(row["learning_rate"]) for row in rows]
    np.testing.assert_allclose(rates, [0.025, 0.01875, 0.00625], rtol=1e-6)
    for name in models | {"report.html"}:
        assert name in printed
    assert len([line for line in printed.splitlines() if "top-5 error" in line]) == 3


def test_predictions_are_those_of_the_best_network(straight):
    folder, _ = straight
    best = max(float(row["val_accuracy"]) for row in metrics(folder))
    found = np.load(folder / "predictions.npz")
    accuracy = np.mean(found["labels"] == found["predictions"])
    assert accuracy == pytest.approx(best) and len(found["labels"]) == 64
    config = json.loads((folder / "config.json").read_text())["data"]
    network = keras.saving.load_model(folder / "model_best.keras")
    images = (found["images"] / 255 - config["mean"]) / config["std"]
    logits = network(tf.constant(images, tf.float32)).numpy()
    np.testing.assert_array_equal(logits.argmax(-1), found["image_predictions"])
    assert (found["image_labels"] != found["image_predictions"]).all()


def test_tensorboard_has_curves(straight):
    tags = set()
    for file in (straight[0] / "tensorboard").rglob("events*"):
        for event in tf.compat.v1.train.summary_iterator(str(file)):
            tags |= {value.tag for value in event.summary.value}
    assert {"loss", "val_accuracy", "learning_rate", "images_per_second"} <= tags


@pytest.mark.long
def test_killed_equals_not_killed(straight, tmp_path):
    folder = tmp_path / "run"
    arguments = (*SMALL, f"--output={folder}")

    def second_epoch_is_in_the_table():
        table = folder / "metrics.csv"
        return table.exists() and "\n2," in table.read_text()

    kill_when(second_epoch_is_in_the_table, eval_cifar, *arguments)
    result = run(*arguments)
    assert result.returncode == 0, result.stderr
    assert "Continuing after epoch" in result.stdout
    expected, got = (variables(path, 3) for path in (straight[0], folder))
    assert expected.keys() == got.keys() and len(got) > 20
    for name in expected:
        np.testing.assert_array_equal(expected[name], got[name], err_msg=name)
    assert metrics(straight[0]) == metrics(folder)
    expected, got = (np.load(p / "predictions.npz") for p in (straight[0], folder))
    for name in expected:
        np.testing.assert_array_equal(expected[name], got[name], err_msg=name)


def test_a_finished_run_stays_as_it_is(straight):
    folder, _ = straight
    before = {p: p.read_bytes() for p in folder.glob("*") if p.is_file()}
    result = run(*SMALL, f"--output={folder}")
    assert result.returncode == 0, result.stderr
    assert before == {p: p.read_bytes() for p in folder.glob("*") if p.is_file()}


def test_one_line_of_error(tmp_path):
    folder = tmp_path / "run"
    result = run(*SMALL, f"--output={folder}", "--genotype=DARTS_V9")
    assert result.returncode == 1 and not folder.exists()
    (line,) = [line for line in result.stderr.splitlines() if "DARTS_V9" in line]
    assert line.startswith("trainers.eval_cifar: ")
    assert "Traceback" not in result.stderr


@pytest.mark.long
def test_error_falls_on_cifar10(data_folder, tmp_path):
    folder = tmp_path / "run"
    result = run(
        "--genotype=DARTS_V2",
        f"--data_dir={data_folder}",
        f"--output={folder}",
        "--layers=3",
        "--init_channels=8",
        "--batch_size=32",
        "--epochs=3",
        "--steps_per_epoch=100",
        "--validation_steps=16",
        "--nocutout",
        "--drop_path_rate=0",
    )
    assert result.returncode == 0, result.stderr
    errors = [1 - float(row["val_accuracy"]) for row in metrics(folder)]
    assert errors[-1] < errors[0] and errors[-1] < 0.7
