"""Streams from the records of TFDS: the ImageNet sample, and sets made here."""

import json
import shutil
import sys

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_datasets as tfds

from darts_tf.data.images.decoding import DataError
from darts_tf.data.images.large_images import LargeImageAugmentation
from darts_tf.data.images.opening import open_images
from darts_tf.data.images.tfds_images import open_builder
from darts_tf.data.images.tfds_records import RecordSource
from tests.data.images import image_folders
from tests.data.images.image_folders import LARGE, PLAIN, assert_equal, batches


def example(number):
    shape = (8 + number % 3, 9 + number % 2, 3)
    image = np.full(shape, 5 * number, "uint8")
    return {"image": image, "label": number % 3, "comment": "none"}


def make_set(folder, counts, **options):
    """A set of images of many sizes, in three files a split; image n is all 5 * n."""
    features = tfds.features.FeaturesDict(
        {
            "image": tfds.features.Image(shape=(None, None, 3), encoding_format="png"),
            "label": tfds.features.ClassLabel(num_classes=3),
            "comment": tfds.features.Text(),
        }
    )
    splits, first = {}, 0
    for split, count in counts.items():
        splits[split] = [(n, example(n)) for n in range(first, first + count)]
        first += count
    tfds.dataset_builders.store_as_tfds_dataset(
        "made_here",
        "1.0.0",
        features,
        splits,
        data_dir=folder,
        download_config=tfds.download.DownloadConfig(num_shards=3),
        **options,
    )
    return folder


@pytest.fixture(scope="module")
def made_here(tmp_path_factory):
    return make_set(tmp_path_factory.mktemp("set"), {"train": 40, "validation": 7})


@pytest.fixture
def imagenet(data_folder, tmp_path):
    """A copy of the ImageNet sample: folder of the data, and the training records."""
    shutil.copytree(data_folder / "imagenet2012", tmp_path / "imagenet2012")
    (records,) = tmp_path.rglob("*train.tfrecord*")
    for path in (records.parent, records):
        path.chmod(0o755)
    return tmp_path, records


def evaluated(stream, augmentation=PLAIN):
    return list(stream.evaluation_batches(16, augmentation).as_numpy_iterator())


def numbers(batches):
    return image_folders.numbers(batches, step=5)


def test_each_image_once_in_an_epoch(made_here):
    stream = open_images("made_here", made_here, "train", 8)
    assert stream.num_examples == 40 and stream.image_shape == (8, 8, 3)
    epochs = [batches(stream, 8, passes=(e, e + 1)) for e in range(3)]
    orders = [numbers(epoch) for epoch in epochs]
    for order, epoch in zip(orders, epochs):
        assert sorted(order) == list(range(40))
        labels = np.concatenate([labels for _, labels in epoch])
        assert labels.dtype == np.int32
        np.testing.assert_array_equal(labels, np.array(order) % 3)
    assert orders[0] != orders[1] != orders[2]


def test_continued_equals_uninterrupted(made_here):
    stream = open_images("made_here", made_here, "train", 8)
    tf.random.set_seed(1)
    whole = batches(stream, 16, LARGE, 3, (0, 4))
    tf.random.set_seed(2)
    again = open_images("made_here", made_here, "train", 8)
    rest = batches(again, 16, LARGE, 3, (2, 4))
    assert len(whole) == 8
    assert_equal(whole[4:], rest)
    other = batches(stream, 16, LARGE, 4, (2, 4))
    assert any((a[1] != b[1]).any() for a, b in zip(rest, other))


def test_validation_in_order(made_here):
    stream = open_images("made_here", made_here, "test", 8)
    result = evaluated(stream)
    assert sorted(numbers(result)) == list(range(40, 47))
    assert_equal(result, evaluated(stream))


def test_a_set_without_validation_is_split(tmp_path):
    make_set(tmp_path, {"train": 40})
    train, valid = (
        open_images("made_here", tmp_path, split, 8) for split in ("train", "test")
    )
    assert (train.num_examples, valid.num_examples) == (32, 8)
    seen = numbers(batches(train, 32)) + numbers(evaluated(valid))
    assert sorted(seen) == list(range(40))
    assert sorted(numbers(evaluated(train))) == sorted(numbers(batches(train, 32)))


def test_halves_of_a_search(made_here):
    stream = open_images("made_here", made_here, "whole", 8)
    assert not stream.in_memory and stream.num_examples == 40
    train, valid = stream.split(0.5, seed=1)
    for first in (0, 1):
        shown = [
            numbers(batches(half, 4, passes=(first, first + 1), seed=2))
            for half in (train, valid)
        ]
        assert sorted(shown[0] + shown[1]) == list(range(40))
    assert sorted(numbers(evaluated(valid))) == sorted(shown[1])
    assert valid.checksum() == stream.split(0.5, seed=1)[1].checksum()
    assert len({train.checksum(), valid.checksum(), stream.checksum()}) == 3


def test_a_small_set_is_held(made_here):
    streams = [
        open_images("made_here", made_here, "whole", 8, held_bytes=held_bytes)
        for held_bytes in (0, 40 * 8 * 8 * 3)
    ]
    assert [stream.in_memory for stream in streams] == [False, True]
    assert_equal(*(evaluated(stream) for stream in streams))
    skipping = open_images("made_here", made_here, "whole", 8, True, 10**6)
    assert not skipping.in_memory


def test_statistics_of_the_images(made_here):
    stream = open_images("made_here", made_here, "train", 8)
    values = np.arange(40) * 5 / 255
    np.testing.assert_allclose(stream.mean, [values.mean()] * 3, rtol=1e-6)
    np.testing.assert_allclose(stream.std, [values.std()] * 3, rtol=1e-6)


def test_records_are_named(made_here):
    builder, keys = open_builder("made_here", made_here)
    source = RecordSource("made_here", builder, keys, "train")
    names = [source.describe(position) for position in range(40)]
    assert len(set(names)) == 40
    assert names[0].startswith("record 0 of ") and names[0].endswith("00000-of-00003")
    assert names[-1].endswith("00002-of-00003")


def test_other_file_formats(tmp_path):
    make_set(tmp_path, {"train": 6}, file_format="array_record")
    with pytest.raises(DataError, match="stored as array_record"):
        open_images("made_here", tmp_path, "train", 8)


def test_set_without_training_images(tmp_path):
    make_set(tmp_path, {"validation": 6})
    with pytest.raises(DataError, match=r"no split 'train', but \['validation'\]"):
        open_images("made_here", tmp_path, "test", 8)


def rewrite(folder, change):
    """Rewrites the records of the one training file; `change` gets an example."""
    for path in sorted(folder.rglob("*train.tfrecord*")):
        records = list(tf.data.TFRecordDataset(str(path)).as_numpy_iterator())
        with tf.io.TFRecordWriter(str(path)) as writer:
            for record in records:
                example = tf.train.Example.FromString(record)
                change(example.features.feature)
                writer.write(example.SerializeToString())


def test_damaged_images(tmp_path, caplog):
    make_set(tmp_path, {"train": 12, "validation": 3})

    def damage(features):
        if features["label"].int64_list.value[0] == 1:
            picture = features["image"].bytes_list.value
            picture[0] = picture[0][:40]

    rewrite(tmp_path, damage)
    found = (
        r"4 of 12 images cannot be read, the first is record \d of .*train\.tfrecord"
    )
    with pytest.raises(DataError, match=f"{found}.* or give `skip_damaged=True`"):
        open_images("made_here", tmp_path, "train", 8)
    stream = open_images("made_here", tmp_path, "train", 8, skip_damaged=True)
    assert stream.num_examples == 8 and "4 of 12 images" in caplog.text
    wanted = [n for n in range(12) if n % 3 != 1]
    for epoch in range(3):
        assert sorted(numbers(batches(stream, 4, passes=(epoch, epoch + 1)))) == wanted
    assert sorted(numbers(evaluated(stream))) == wanted


@pytest.mark.parametrize("label", [-1, 3])
def test_labels_out_of_range(tmp_path, label):
    make_set(tmp_path, {"train": 5, "validation": 3})

    def change(features):
        features["label"].int64_list.value[0] = label

    rewrite(tmp_path, change)
    with pytest.raises(DataError, match=f"has the label {label}; 0 to 2 are expected"):
        open_images("made_here", tmp_path, "train", 8)


@pytest.mark.parametrize("held_bytes", [0, 10**6], ids=["streamed", "held"])
@pytest.mark.parametrize("lengths", [["0"], ["-5"], [], ["-5", "8", "9"], ["x"]])
def test_impossible_numbers_of_records(tmp_path, lengths, held_bytes):
    make_set(tmp_path, {"train": 12, "validation": 3})
    (path,) = tmp_path.rglob("dataset_info.json")
    info = json.loads(path.read_text())
    info["splits"][0]["shardLengths"] = lengths
    path.write_text(json.dumps(info))
    with pytest.raises(DataError, match="`dataset`=made_here ") as error:
        open_images("made_here", str(tmp_path), image_size=8, held_bytes=held_bytes)
    assert "\n" not in str(error.value) and "neither" not in str(error.value)


@pytest.mark.parametrize("key", ["pythonClassName", "python_class_name", "type"])
def test_foreign_modules_are_not_imported(tmp_path, monkeypatch, key):
    make_set(tmp_path, {"train": 12, "validation": 3})
    (path,) = tmp_path.rglob("features.json")
    features = {key: "of_a_stranger.Image"}
    if key == "type":
        # As TFDS wrote it in former times.
        features["content"] = {}
    path.write_text(json.dumps(features))
    (tmp_path / "of_a_stranger.py").write_text("raise SystemExit")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(DataError, match=r"the class 'of_a_stranger\.Image', which"):
        open_images("made_here", str(tmp_path), "train", 8)
    assert "of_a_stranger" not in sys.modules


def test_checksum_of_records(tmp_path):
    make_set(tmp_path / "a", {"train": 12, "validation": 3})
    shutil.copytree(tmp_path / "a", tmp_path / "b")

    def change(features):
        features["comment"].bytes_list.value[0] = b"another one"

    def checksum(folder, split="train"):
        return open_images("made_here", tmp_path / folder, split, 8).checksum()

    assert checksum("a") == checksum("b") != checksum("a", "test")
    rewrite(tmp_path / "b", change)
    assert checksum("a") != checksum("b")


def test_imagenet(data_folder):
    train = open_images("imagenet2012", data_folder, "train", 32)
    assert train.num_examples == 74 and len(train.class_names) == 1000
    assert train.mean == (0.485, 0.456, 0.406) and train.std == (0.229, 0.224, 0.225)
    result = batches(train, 32, LargeImageAugmentation(train.mean, train.std))
    assert [images.shape for images, _ in result] == [(32, 32, 32, 3)] * 2
    # Standardized nearly to what it promises.
    images = np.concatenate([images for images, _ in result])
    assert abs(images.mean()) < 0.3 and 0.8 < images.std() < 1.4
    valid = open_images("imagenet2012", data_folder, "test", 32)
    assert [len(labels) for _, labels in evaluated(valid, LARGE)] == [16, 16, 16]


def test_cifar10_in_memory(data_folder):
    valid = open_images("cifar10", data_folder, "test")
    assert valid.num_examples == 10000 and valid.image_shape == (32, 32, 3)
    assert valid.class_names[3] == "cat" and valid.mean[0] == 0.49139968


def test_imagenet_needs_a_size(data_folder):
    with pytest.raises(DataError, match="different sizes; give `image_size`"):
        open_images("imagenet2012", data_folder, "train")


@pytest.mark.parametrize("skip_damaged", [False, True])
@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:1_000_000],
        lambda content: content[:500_000] + bytes(100) + content[500_100:],
        lambda content: b"",
    ],
    ids=["truncated", "overwritten", "empty"],
)
def test_damaged_records_are_named(imagenet, damage, skip_damaged):
    folder, records = imagenet
    records.write_bytes(damage(records.read_bytes()))
    with pytest.raises(DataError, match=f"{records.name} is missing or damaged"):
        open_images("imagenet2012", folder, "train", 32, skip_damaged)


def test_missing_records_are_named(imagenet):
    folder, records = imagenet
    records.unlink()
    with pytest.raises(DataError, match=f"{records.name} is missing or damaged"):
        open_images("imagenet2012", folder, "train", 32)
