import json
import tempfile
import zipfile

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf import keras_file
from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.errors import UserError
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.keras_file import load_model, save_model
from darts_tf.recurrent import EvaluationCell, LanguageModel
from darts_tf.recurrent.cell import RecurrentCell
from tests.language_texts import GENOTYPE

CELL = Cell.from_lists([[("sep_conv_3x3", 0), ("skip_connect", 1)]], [2])


def image_network():
    network = EvaluationNetwork(Genotype(CELL, CELL), init_channels=2, num_cells=1)
    network.build((None, 8, 8, 3))
    return network


def language_model():
    model = LanguageModel(9, EvaluationCell(4, GENOTYPE))
    model.build()
    return model


MODELS = {EvaluationNetwork: image_network, LanguageModel: language_model}


@pytest.fixture(scope="module", params=MODELS, ids=lambda kind: kind.__name__)
def model(request):
    return MODELS[request.param]()


@pytest.fixture
def saved(model, tmp_path):
    """Class of a model, the model, and its file."""
    return type(model), model, save_model(model, tmp_path / "model.keras")


def load(kind, path):
    return load_model(path, kind, "a model")


def failure(kind, path):
    with pytest.raises(UserError) as caught:
        load(kind, path)
    message = str(caught.value)
    assert str(path) in message and "\n" not in message and len(message) < 500
    return message


def rewrite(path, change):
    """Changes the JSON that describes a model in a file."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(parts["config.json"])
    parts["config.json"] = json.dumps(change(config) or config)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_what_was_saved_is_loaded(saved):
    kind, model, path = saved
    loaded = load(kind, path)
    for new, old in zip(loaded.weights, model.weights, strict=True):
        np.testing.assert_array_equal(new, old)


def test_nothing_is_written_to_the_temporary_folder(saved, tmp_path, monkeypatch):
    temporary, found = tmp_path / "temporary", []
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    def write(path, content):
        found.extend(temporary.rglob("*"))

    monkeypatch.setattr(keras_file, "write_atomically", write)
    save_model(saved[1], tmp_path / "other.keras")
    assert not found


@pytest.mark.parametrize(
    "error, message",
    [
        (tf.errors.ResourceExhaustedError(None, None, "OOM"), "too little memory for"),
        (MemoryError(), "too little memory for"),
        (TypeError("odd"), "cannot be read as a model: odd"),
    ],
)
def test_a_model_that_cannot_be_built(saved, monkeypatch, error, message):
    def fail(*arguments):
        raise error

    for layer in (keras.layers.Dense, RecurrentCell):
        monkeypatch.setattr(layer, "build", fail)
    assert message in failure(saved[0], saved[2])


def cell_of(config):
    return config["config"]["cell"]["config"]


HUGE = {
    EvaluationNetwork: {
        "`num_cells`": lambda config: config["config"].update(num_cells=10**9),
        "`init_channels`": lambda config: config["config"].update(init_channels=10**8),
        "`num_classes`": lambda config: config["config"].update(num_classes=10**9),
        "'input_shape'": lambda config: config.update(build_config={"a": 1}),
    },
    LanguageModel: {
        "`vocabulary_size`": lambda config: config["config"].update(
            vocabulary_size=10**9
        ),
        "`units`": lambda config: cell_of(config).update(units=10**9),
    },
}


def test_what_a_file_may_say_of_a_model(saved):
    kind, _, path = saved
    content = path.read_bytes()
    changes = {"cannot be read": lambda config: config.pop("build_config") and None}
    for message, change in (changes | HUGE[kind]).items():
        path.write_bytes(content)
        rewrite(path, change)
        assert message in failure(kind, path)


def test_another_model_is_not_even_made(tmp_path, saved):
    kind, _, path = saved
    for huge in (keras.layers.Dense(10**12), keras.Sequential()):
        config = keras.saving.serialize_keras_object(huge)
        config["build_config"] = {"input_shape": [None, 10**12]}
        rewrite(path, lambda _, config=config: config)
        name = type(huge).__name__
        assert f"holds a {name}, but a model is needed" in failure(kind, path)


def test_no_file_of_a_model(tmp_path):
    path = tmp_path / "model.keras"
    assert "No such file" in failure(EvaluationNetwork, path)
    path.write_text("garbage")
    message = failure(EvaluationNetwork, path)
    assert "cannot be read as a model: File is not a zip file" in message
