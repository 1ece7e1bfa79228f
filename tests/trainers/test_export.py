"""The binary as a user runs it, in processes of their own."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.data.images.augmentation import standardize
from darts_tf.data.images.opening import open_images
from tests.serving.trained_run import make_images, make_network, write_run
from tests.trainers.trainer_process import run
from trainers import eval_cifar, export, search


@pytest.fixture(scope="module")
def training(tmp_path_factory):
    folder = tmp_path_factory.mktemp("training")
    return write_run(folder / "run", make_network(), images=make_images(5))


def test_exports_a_run(training, tmp_path):
    arguments = (f"--run={training}", f"--output={tmp_path}/served")
    result = run(export, *arguments)
    assert result.returncode == 0, result.stderr
    assert "served/1: saved_model" in result.stdout
    assert "Compared in a process of its own on 5 images of animals" in result.stdout
    assert "gradient" not in result.stderr
    assert [path.name for path in (tmp_path / "served").iterdir()] == ["1"]


@pytest.mark.parametrize(
    "arguments, message",
    [
        (("--run={tmp}/damaged.keras",), "damaged.keras cannot be read"),
        (("--run={tmp}/damaged.keras", "stray"), "stray"),
    ],
)
def test_bad_input(tmp_path, arguments, message):
    (tmp_path / "damaged.keras").write_text("something")
    arguments = [argument.format(tmp=tmp_path) for argument in arguments]
    result = run(export, f"--output={tmp_path}/new/served", *arguments)
    assert result.returncode == 1 and "Traceback" not in result.stderr
    assert message in result.stderr + result.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["damaged.keras"]


@pytest.mark.long
def test_from_a_search_to_predictions(tmp_path):
    """Three commands, each of which gets the folder of the one before."""
    small = ("--dataset=digits", "--init_channels=2", "--steps_per_epoch=2")
    small = (*small, "--batch_size=16", "--epochs=1", "--layers=3")
    method = ("--order=first", "--nodes=1", "--primitives=none,sep_conv_3x3")
    found, training, served = (str(tmp_path / name) for name in ("a", "b", "c"))
    for arguments in (
        (search, f"--output={found}", *small, *method),
        (eval_cifar, f"--output={training}", *small, f"--genotype={found}"),
        (export, f"--output={served}", f"--run={training}"),
    ):
        result = run(*arguments)
        assert result.returncode == 0, result.stderr
    assert "images of digits" in result.stdout
    images = next(open_images("digits", split="whole").contents())[:7]
    outputs = tf.saved_model.load(f"{served}/1").signatures["serving_uint8"](
        images=tf.constant(images)
    )
    data = json.loads((tmp_path / "b" / "config.json").read_text())["data"]
    network = keras.saving.load_model(tmp_path / "b" / "model_best.keras")
    logits = network(standardize(images, data["mean"], data["std"]))
    np.testing.assert_allclose(outputs["logits"], logits, rtol=1e-4, atol=1e-4)
    best = [str(index).encode() for index in np.argmax(logits, -1)]
    assert outputs["class_name"].numpy().tolist() == best
