"""Networks in folders of KerasHub's layout."""

import json

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf import presets
from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.convolutional.image_network import ImageNetwork
from darts_tf.errors import UserError
from darts_tf.keras_file import save_model
from darts_tf.zoo.networks import MobileNet
from tests.zoo.small_rows import CELLS, registered

FILES = {"config.json", "metadata.json", "model.weights.h5"}


@pytest.fixture(scope="module")
def network():
    return CELLS.built()


@pytest.fixture
def folder(network, tmp_path):
    return network.save_to_preset(tmp_path / "folder")


def assert_same(network, other):
    for new, old in zip(network.weights, other.weights, strict=True):
        np.testing.assert_array_equal(new, old)


def test_a_folder_holds_what_is_read(network, folder):
    assert {path.name for path in folder.iterdir()} == FILES
    metadata = json.loads((folder / "metadata.json").read_text())
    assert metadata["parameter_count"] == network.count_params()
    assert metadata["keras_version"] == keras.__version__
    loaded = EvaluationNetwork.from_preset(folder)
    assert type(loaded) is EvaluationNetwork
    assert loaded.get_config() == network.get_config()
    assert_same(loaded, network)
    images = tf.random.stateless_normal((2, 32, 32, 3), (0, 1))
    np.testing.assert_array_equal(loaded(images), network(images))


def test_an_earlier_preset_is_replaced_and_nothing_else(network, folder, tmp_path):
    other = CELLS.built(init_channels=3)
    other.save_to_preset(folder)
    assert_same(EvaluationNetwork.from_preset(folder), other)
    assert {path.name for path in folder.iterdir()} == FILES
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(UserError, match="holds other files"):
        network.save_to_preset(tmp_path)
    with pytest.raises(ValueError, match="built"):
        CELLS.build().save_to_preset(tmp_path / "unbuilt")


def test_what_is_cut_off_is_no_preset_and_is_written_anew(monkeypatch, network, folder):
    other = CELLS.built(init_channels=3)

    def cut_off(path):
        path.write_bytes(b"half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(other, "save_weights", cut_off)
        # A kill leaves what an interruption removes.
        patch.setattr(type(folder), "unlink", lambda path, missing_ok=False: None)
        (folder / "metadata.json").rename(folder.parent / "metadata.json")
        other.save_to_preset(folder)
    assert len([*folder.iterdir()]) == 3 and not (folder / "metadata.json").exists()
    # A later kill would leave this one.
    (folder / ".config.json.0123abcd.tmp").write_bytes(b"half")
    with pytest.raises(UserError, match="no preset"):
        EvaluationNetwork.from_preset(folder)
    other.save_to_preset(folder)
    assert {path.name for path in folder.iterdir()} == FILES
    assert_same(EvaluationNetwork.from_preset(folder), other)


def test_the_policy_is_kept(tmp_path):
    network = CELLS.built(dtype="mixed_bfloat16")
    network.save_to_preset(tmp_path / "folder")
    loaded = EvaluationNetwork.from_preset(tmp_path / "folder")
    assert loaded.dtype_policy.name == "mixed_bfloat16"


def test_by_name_with_weights(monkeypatch, network, folder, tmp_path):
    registered(monkeypatch)
    file = save_model(network, tmp_path / "model.keras")
    for weights in (folder, file):
        made = EvaluationNetwork.from_preset("tiny_cifar10", weights)
        assert_same(made, network)
        assert_same(ImageNetwork.from_preset(weights), network)
    assert EvaluationNetwork.from_preset("tiny_cifar10", num_classes=7).num_classes == 7


@pytest.mark.parametrize(
    "kind, preset, arguments, message",
    [
        (EvaluationNetwork, "nothing", {}, "no preset 'nothing': .* tiny_cifar10"),
        (EvaluationNetwork, "tiny_imagenet", {}, "is a MobileNet"),
        (EvaluationNetwork, "secret_cifar10", {}, "No cell was published"),
        (MobileNet, "{folder}", {}, "class .EvaluationNetwork., but .* MobileNet"),
        (EvaluationNetwork, "{folder}", {"num_classes": 3}, "takes num_classes"),
        (EvaluationNetwork, "tiny_cifar10", {"num_cells": 2, "weights": ""}, "layers"),
        (EvaluationNetwork, "tiny_cifar10", {"num_classes": 4, "weights": ""}, "needs"),
        (ImageNetwork, "tiny_imagenet", {"weights": ""}, "class .EvaluationNetwork."),
    ],
)
def test_what_does_not_fit(monkeypatch, folder, kind, preset, arguments, message):
    registered(monkeypatch)
    if "weights" in arguments:
        arguments = {**arguments, "weights": folder}
    with pytest.raises(UserError, match=message) as caught:
        kind.from_preset(preset.format(folder=folder), **arguments)
    assert "\n" not in str(caught.value)


def change(**values):
    """Function that changes the JSON of a network."""

    def write(folder):
        path = folder / "config.json"
        content = json.loads(path.read_text())
        for name, value in values.items():
            is_part = isinstance(value, dict)
            content[name] = {**content[name], **value} if is_part else value
        path.write_text(json.dumps(content))

    return write


def swell(folder):
    with h5py.File(folder / "model.weights.h5", "a") as file:
        file.create_dataset("more", (10**12,), chunks=(1000,), compression="gzip")


def cut(folder):
    path = folder / "model.weights.h5"
    path.write_bytes(path.read_bytes()[:-1000])


LAMBDA = {"module": "keras", "class_name": "Lambda", "config": {}}


@pytest.mark.parametrize(
    "damage, message",
    [
        (lambda folder: (folder / "config.json").unlink(), "No such file"),
        (lambda folder: (folder / "config.json").write_text("{"), "Expecting"),
        (lambda folder: (folder / "config.json").write_text("[]"), "no JSON object"),
        (lambda folder: (folder / "model.weights.h5").unlink(), "model.weights.h5"),
        (cut, "model"),
        (swell, "holds 1,000,0.* numbers, but the network has"),
        (change(config={"num_cells": 10**6}), "num_cells"),
        (change(config={"dtype": LAMBDA}), "the dtype is none"),
        (change(config={"surprise": 1}), "surprise"),
        (change(config={"num_classes": 11}), "classifier"),
        (change(build_config={"input_shape": [None, 10**9, 8, 3]}), "no input of size"),
        (change(registered_name="keras>Lambda"), "is needed"),
        (change(registered_name="unknown>Thing"), "is needed"),
    ],
)
def test_a_damaged_folder_is_one_line(folder, damage, message, monkeypatch):
    monkeypatch.setattr(presets, "_LONGEST_JSON", 100_000)
    damage(folder)
    with pytest.raises(UserError, match=message) as caught:
        EvaluationNetwork.from_preset(folder)
    text = str(caught.value)
    assert "\n" not in text and len(text) < 600 and "folder" in text


def test_a_long_configuration_is_not_read(folder, monkeypatch):
    monkeypatch.setattr(presets, "_LONGEST_JSON", 100)
    with pytest.raises(UserError, match="longer than 100 characters"):
        EvaluationNetwork.from_preset(folder)
