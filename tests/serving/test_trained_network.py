import dataclasses
import io
import zipfile
import zlib

import keras
import numpy as np
import pytest

from darts_tf.data.images.image_dataset import CHANNEL_STATISTICS
from darts_tf.errors import UserError
from darts_tf.serving.export_config import ExportConfig
from darts_tf.serving.trained_network import read_trained_network, run_format
from tests.serving.trained_run import (
    MEAN,
    NAMES,
    STD,
    make_images,
    make_network,
    write_run,
)


@pytest.fixture(scope="module")
def network():
    return make_network()


def test_a_run(network, tmp_path):
    run = write_run(tmp_path / "run", network, images=make_images(20))
    assert run_format(run) == "darts_tf.image_training"
    trained = read_trained_network(ExportConfig(run, "out"))
    assert (trained.mean, trained.std, trained.class_names) == (MEAN, STD, NAMES)
    assert trained.image_shape == (8, 8, 3) and not trained.network.auxiliary
    np.testing.assert_array_equal(trained.images, make_images(20)[:16])
    images = np.float32(make_images(3)) / 255
    np.testing.assert_array_equal(trained.network(images), network(images))


def test_what_is_given_goes_first(network, tmp_path):
    run = write_run(tmp_path / "run", network, images=make_images(20))
    given = {"image_size": 12, "mean": (0.0,) * 3, "std": (1.0,) * 3}
    given["class_names"] = tuple("vwxyz")
    trained = read_trained_network(ExportConfig(run, "out", **given))
    assert trained.image_shape == (12, 12, 3) and trained.images.shape[1] == 12
    assert trained.images_from.startswith("8 photographs")
    for name in ("mean", "std", "class_names"):
        assert getattr(trained, name) == given[name]


def test_a_keras_file(network, tmp_path):
    path = tmp_path / "model.keras"
    network.save(path)
    trained = read_trained_network(ExportConfig(path, "out"))
    assert (trained.mean, trained.std) == CHANNEL_STATISTICS["cifar10"]
    assert trained.class_names == () and trained.image_shape == (8, 8, 3)
    assert len({image.tobytes() for image in trained.images}) == 8


def damaged_predictions(damage):
    file, header = io.BytesIO(), io.BytesIO()
    np.savez_compressed(file, images=make_images(20))
    content = bytearray(file.getvalue())
    if damage == "bits":
        content[100:110] = b"\xff" * 10
        return bytes(content)
    shape = (10**6, 10**6, 3) if damage == "size" else "[" * 1000
    description = {"descr": "|u1", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(header, description)
    text = header.getvalue().replace(b"'[", b"[").replace(b"['", b"[")
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("images.npy", text)
    return file.getvalue()


@pytest.mark.parametrize("damage", ["bits", "size", "header"])
def test_damaged_images_are_not_needed(network, tmp_path, damage):
    run = write_run(tmp_path / "run", network)
    (run / "predictions.npz").write_bytes(damaged_predictions(damage))
    with pytest.raises((MemoryError, OSError, SyntaxError, ValueError, zlib.error)):
        np.load(run / "predictions.npz")["images"]
    trained = read_trained_network(ExportConfig(run, "out"))
    assert trained.images_from.startswith("8 photographs")


@pytest.mark.parametrize(
    "change, message",
    [
        ({"mean": (0.5,)}, "`mean` needs 3 values for this network; 1 came"),
        ({"std": (0.5,) * 4}, "`std` needs 3 values for this network; 4 came"),
        ({"class_names": ("a", "b")}, "`class_names` needs 5 values"),
    ],
)
def test_numbers_of_values(network, tmp_path, change, message):
    run = write_run(tmp_path / "run", network)
    config = dataclasses.replace(ExportConfig(run, "out"), **change)
    with pytest.raises(UserError, match=message):
        read_trained_network(config)


def test_statistics_that_nobody_knows(network, tmp_path):
    gray = type(network).from_config(network.get_config())
    gray.build((None, 8, 8, 1))
    gray.save(tmp_path / "gray.keras")
    with pytest.raises(UserError, match="give `mean` and `std`"):
        read_trained_network(ExportConfig(tmp_path / "gray.keras", "out"))
    config = ExportConfig(tmp_path / "gray.keras", "out", mean=(0.1,), std=(0.2,))
    assert read_trained_network(config).images.shape == (8, 8, 8, 1)


def test_another_model(tmp_path):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.save(tmp_path / "model.keras")
    with pytest.raises(UserError, match="holds a Sequential, but"):
        read_trained_network(ExportConfig(tmp_path / "model.keras", "out"))
