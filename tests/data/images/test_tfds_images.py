import shutil
import urllib.error
import urllib.request

import numpy as np
import pytest

from darts_tf.data.images import tfds_images
from darts_tf.data.images.decoding import DataError


@pytest.fixture
def imagenet(data_folder, tmp_path):
    """A copy of the ImageNet sample: folder of the data, and the training records."""
    shutil.copytree(data_folder / "imagenet2012", tmp_path / "imagenet2012")
    (records,) = tmp_path.rglob("*train.tfrecord*")
    for path in (records.parent, records, records.parent / "dataset_info.json"):
        path.chmod(0o755)
    return tmp_path, records


def read_tfds(name, data_dir, image_size, split):
    builder, keys = tfds_images.open_builder(name, data_dir)
    shape = tfds_images.output_shape(name, builder, keys, image_size)
    tfds_images.prepare(name, builder)
    return tfds_images.read_split(name, builder, keys, split, shape)


def test_cifar10(data_folder):
    images, labels, class_names = read_tfds("cifar10", data_folder, None, "test")
    assert images.shape == (10000, 32, 32, 3) and images.dtype == np.uint8
    assert np.bincount(labels).tolist() == [1000] * 10 and labels.dtype == np.int32
    assert class_names[3] == "cat"
    again = read_tfds("cifar10", data_folder, None, "test")
    np.testing.assert_array_equal(images, again[0])
    np.testing.assert_array_equal(labels, again[1])


def test_cifar10_at_another_size(data_folder):
    small, labels, _ = read_tfds("cifar10", data_folder, 16, "test")
    images, same_labels, _ = read_tfds("cifar10", data_folder, None, "test")
    np.testing.assert_array_equal(labels, same_labels)
    assert small.shape == (10000, 16, 16, 3)
    np.testing.assert_allclose(small.mean((1, 2, 3)), images.mean((1, 2, 3)), atol=4)


def test_imagenet_needs_a_size(data_folder):
    with pytest.raises(DataError, match="different sizes; give `image_size`"):
        read_tfds("imagenet2012", data_folder, None, "train")
    images, _, class_names = read_tfds("imagenet2012", data_folder, 32, "train")
    assert images.shape == (74, 32, 32, 3) and len(class_names) == 1000


def test_too_large_for_the_memory(data_folder):
    with pytest.raises(DataError, match="GB of memory"):
        read_tfds("cifar10", data_folder, 100_000, "train")


def test_unknown_split(data_folder):
    builder, _ = tfds_images.open_builder("cifar10", data_folder)
    with pytest.raises(DataError, match=r"no split 'dev', but \['test', 'train'\]"):
        raise tfds_images.no_split("cifar10", "dev", builder.info.splits)


@pytest.mark.parametrize(
    "name", ["no/such-folder", "/no/such/folder", "", "a b", "x:y"]
)
def test_neither_folder_nor_name(tmp_path, name):
    with pytest.raises(DataError, match="neither digits, nor a folder, nor the name"):
        read_tfds(name, tmp_path, None, "train")


def test_close_names(tmp_path):
    with pytest.raises(DataError, match=r"Did you mean cifar10 or"):
        read_tfds("cifar1O", tmp_path, None, "train")


@pytest.mark.parametrize("name", ["cifar10:9.9.9", "cifar10/large"])
def test_unknown_version_or_configuration(data_folder, name):
    with pytest.raises(DataError, match=r"cannot be opened: .*(9\.9\.9|large)"):
        read_tfds(name, data_folder, None, "train")


@pytest.mark.parametrize("name", ["imdb_reviews", "coco"])
def test_no_image_classification(tmp_path, name):
    # Nothing has been downloaded to find that out.
    with pytest.raises(DataError, match="no set of images with one class each"):
        read_tfds(name, tmp_path, None, "train")
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:1_000_000],
        lambda content: content[:500_000] + bytes(100) + content[500_100:],
        lambda content: b"",
    ],
    ids=["truncated", "overwritten", "empty"],
)
def test_damaged_records_are_named(imagenet, damage):
    folder, records = imagenet
    records.write_bytes(damage(records.read_bytes()))
    with pytest.raises(DataError, match=f"{records.name} is missing or damaged"):
        read_tfds("imagenet2012", folder, 32, "train")


def test_missing_records_are_named(imagenet):
    folder, records = imagenet
    records.unlink()
    with pytest.raises(DataError, match=f"{records.name} is missing or damaged"):
        read_tfds("imagenet2012", folder, 32, "train")


def test_damaged_description(imagenet):
    folder, records = imagenet
    (records.parent / "dataset_info.json").write_text("{")
    with pytest.raises(DataError, match="cannot be opened"):
        read_tfds("imagenet2012", folder, 32, "train")


def test_absent_data_that_must_be_got_by_hand(tmp_path):
    with pytest.raises(DataError, match=r"not in .* `data_dir`"):
        read_tfds("imagenet2012", tmp_path, 32, "train")


def test_absent_data_without_a_network(tmp_path, monkeypatch):
    def refuse(request, timeout):
        raise urllib.error.URLError("no network")

    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    with pytest.raises(DataError) as error:
        read_tfds("mnist", tmp_path, None, "train")
    message = str(error.value)
    assert "no network" in message and "\n" not in message
    assert "tfds build mnist" in message and "`data_dir`" in message
    assert not any(tmp_path.iterdir())
