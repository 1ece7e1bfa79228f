import time

import numpy as np
import pytest
from PIL import Image

from darts_tf.data.images import image_dataset
from darts_tf.data.images.image_dataset import DataError, ImageDataset, load_images


def make_dataset(count=10, name="x", **changes):
    values = {
        "name": name,
        "images": np.random.default_rng(0).integers(0, 256, (count, 4, 4, 2), "uint8"),
        "labels": np.arange(count, dtype="int32") % 2,
        "class_names": ("a", "b"),
    }
    return ImageDataset(**{**values, **changes})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"images": np.zeros((10, 4, 4, 2))}, "`images`.*float64"),
        ({"images": np.zeros((10, 4, 4), "uint8")}, "`images`"),
        ({"labels": np.zeros(9, "int32")}, "`labels`.*10 images"),
        ({"labels": np.zeros(10, "int64")}, "`labels`.*int64"),
        ({"labels": np.full(10, 2, "int32")}, "labels from 2 to 2; 0 to 1"),
        ({"labels": np.full(10, -1, "int32")}, "labels from -1"),
        ({"class_names": ("a",)}, "at least 2"),
    ],
)
def test_dataset_validates_itself(change, message):
    with pytest.raises(ValueError, match=message):
        make_dataset(**change)


def test_digits():
    dataset = load_images("digits")
    assert dataset.name == "digits"
    assert dataset.images.shape == (1797, 8, 8, 1)
    assert np.unique(dataset.images).tolist()[::16] == [0, 255]
    assert np.bincount(dataset.labels).min() > 170
    assert dataset.class_names == tuple("0123456789")


def test_digits_at_another_size():
    assert load_images("digits", image_size=12).images.shape == (1797, 12, 12, 1)


def test_cifar10_loads_in_seconds(data_folder):
    start = time.perf_counter()
    dataset = load_images("cifar10", str(data_folder))
    # Two seconds on two cores, and room for a busy machine.
    assert time.perf_counter() - start < 15
    assert dataset.images.shape == (50000, 32, 32, 3)
    mean, std = image_dataset.channel_statistics(dataset)
    assert (mean, std) == image_dataset.CHANNEL_STATISTICS["cifar10"]
    np.testing.assert_allclose(dataset.images.mean((0, 1, 2)) / 255, mean, atol=0.01)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of images called cifar10, in the working and in the home directory."""
    for name in ("a", "b"):
        (tmp_path / "cifar10" / name).mkdir(parents=True)
        Image.new("RGB", (6, 4)).save(tmp_path / "cifar10" / name / "0.png")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "cifar10"


@pytest.mark.parametrize("name", ["cifar10", "./cifar10", "~/cifar10"])
def test_folder(folder, name):
    assert load_images(name).images.shape == (2, 4, 6, 3)


def test_folder_or_tfds(folder, data_folder):
    assert load_images("./cifar10", str(data_folder)).class_names == ("a", "b")
    dataset = load_images("cifar10", str(data_folder), split="test")
    assert len(dataset.class_names) == 10


def test_missing_folder():
    with pytest.raises(DataError, match="neither digits, nor a folder, nor the name"):
        load_images("./no/such-folder")


def test_statistics_of_other_data():
    dataset = make_dataset(2500)
    mean, std = image_dataset.channel_statistics(dataset)
    values = dataset.images / 255
    np.testing.assert_allclose(mean, values.mean((0, 1, 2)), rtol=1e-12)
    np.testing.assert_allclose(std, values.std((0, 1, 2)), rtol=1e-12)


def test_statistics_of_one_colour():
    dataset = make_dataset(images=np.full((10, 4, 4, 1), 51, "uint8"))
    assert image_dataset.channel_statistics(dataset) == ((0.2,), (1.0,))


def test_split_is_disjoint_and_fixed_by_the_seed():
    # Each image is marked with its number.
    marks = np.arange(1000)
    marked = np.stack([marks // 256, marks % 256], -1).astype("uint8")
    marked = make_dataset(1000, images=marked[:, None, None])
    numbers = [
        [set((half.images.reshape(-1, 2) @ [256, 1]).tolist()) for half in halves]
        for halves in (
            image_dataset.split_images(marked, 0.29, seed) for seed in (0, 0, 1)
        )
    ]
    train, valid = numbers[0]
    assert len(train) == 290 and not train & valid
    assert train | valid == set(range(1000))
    assert numbers[0] == numbers[1] != numbers[2]


def test_split_keeps_labels_with_images():
    dataset = load_images("digits")
    of = {
        image.tobytes(): label for image, label in zip(dataset.images, dataset.labels)
    }
    for half in image_dataset.split_images(dataset, 0.5, seed=3):
        for image, label in zip(half.images, half.labels):
            assert of[image.tobytes()] == label


@pytest.mark.parametrize("portion", [0, 1, -0.1, float("nan")])
def test_portion_out_of_bounds(portion):
    with pytest.raises(ValueError, match="`train_portion`"):
        image_dataset.split_images(make_dataset(), portion, seed=0)
