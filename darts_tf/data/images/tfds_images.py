"""Images from TensorFlow Datasets (TFDS)."""

import contextlib
import difflib
import os
import urllib.error
import urllib.request
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from darts_tf.data.images.decoding import DataError, allocate, check_is_damage, fit
from darts_tf.errors import first_line, shortened

_BATCH_SIZE = 512


def open_builder(name: str, data_dir: str | None) -> tuple[Any, tuple[str, str]]:
    """Opens an image classification set, and downloads nothing yet.

    Returns:
        TFDS' builder, and the keys of image and class in its examples.

    Raises:
        DataError: If there is no such set or it is of another kind.
    """
    builder = _open(name, data_dir)
    return builder, _image_and_label(name, builder.info)


def output_shape(
    name: str, builder: Any, keys: tuple[str, str], image_size: int | None
) -> tuple[int, ...]:
    """Returns the shape to which the images of a set are brought.

    Raises:
        DataError: If the images are of different sizes and no size is given.
    """
    shape = builder.info.features[keys[0]].shape
    if image_size:
        shape = (image_size, image_size, shape[-1])
    if None in shape:
        raise DataError(
            f"`dataset`={name} has images of different sizes; give `image_size`."
        )
    return shape


def no_split(name: str, split: str, splits: Iterable[str]) -> DataError:
    """Returns the error that a set lacks a split."""
    return DataError(f"`dataset`={name} has no split {split!r}, but {sorted(splits)}.")


def read_split(
    name: str, builder: Any, keys: tuple[str, str], split: str, shape: Sequence[int]
) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Reads a split, or a slice of one, of a set that has been prepared.

    Args:
        name: What errors name as `dataset`.
        builder, keys: From `open_builder`.
        split: Name of the split, or a slice such as "train[:80%]".
        shape: From `output_shape`.

    Returns:
        Images, labels and class names, as in `ImageDataset`; always in the same
        order.

    Raises:
        DataError: If the records are damaged.
    """
    images = allocate(name, num_examples(name, builder, split), shape)
    labels = _read_records(name, builder, split, keys, images)
    return images, labels, tuple(builder.info.features[keys[1]].names)


def num_examples(name: str, builder: Any, split: str) -> int:
    """Returns the number of examples of a split, or of a slice of one.

    Raises:
        DataError: If there are none, or fewer than that in one of its files.
    """
    lengths = builder.info.splits[split.partition("[")[0]].shard_lengths
    if sum(lengths) < 1 or min(lengths) < 0:
        raise DataError(
            f"`dataset`={name} has {sum(lengths)} examples in its split {split}, as "
            f"{builder.data_path}/dataset_info.json says; get the data again."
        )
    return builder.info.splits[split].num_examples


def _open(name, data_dir):
    # TFDS is imported here, because its import takes long.
    import tensorflow_datasets as tfds

    try:
        with _own_classes(name):
            return tfds.builder(name, data_dir=data_dir)
    except DataError:
        raise
    # TFDS raises errors of many kinds, AssertionError among them.
    except Exception as error:
        known = tfds.list_builders()
        base = name.split("/")[0].split(":")[0]
        folder = os.path.join(data_dir or tfds.core.constants.DATA_DIR, base)
        if base in known or (base and os.path.isdir(folder)):
            raise DataError(
                f"`dataset`={name} cannot be opened: {_first_line(error)}"
            ) from error
        close = difflib.get_close_matches(name, known, 3)
        hint = f" Did you mean {' or '.join(close)}?" if close else ""
        raise DataError(
            f"`dataset`={name} is neither digits, nor a folder, nor the name of a TFDS "
            f"dataset.{hint}"
        ) from error


@contextlib.contextmanager
def _own_classes(name):
    """Keeps TFDS from importing whatever modules the files of a set name."""
    import tensorflow_datasets as tfds

    connector = tfds.features.FeatureConnector
    find = connector.__dict__["cls_from_name"]

    def find_own(class_name):
        if not class_name.startswith("tensorflow_datasets."):
            raise DataError(
                f"`dataset`={name} has features of the class {shortened(class_name)}, "
                "which is none of TFDS; data whose reading needs other code are not "
                "read."
            )
        return find.__func__(connector, class_name)

    connector.cls_from_name = find_own
    try:
        yield
    finally:
        connector.cls_from_name = find


def _image_and_label(name, info):
    """Returns the keys of the image and of its class."""
    import tensorflow_datasets as tfds

    keys = info.supervised_keys or ("image", "label")
    features = dict(info.features.items())
    image, label = (features.get(key) for key in keys[:2])
    if (
        not isinstance(image, tfds.features.Image)
        or not isinstance(label, tfds.features.ClassLabel)
        or image.np_dtype != np.uint8
    ):
        raise DataError(
            f"`dataset`={name} is no set of images with one class each; give one of "
            "those that TFDS lists under image classification."
        )
    return keys[:2]


def prepare(name: str, builder: Any) -> None:
    """Downloads the data of a set, unless they are there.

    Raises:
        DataError: If they cannot be had.
    """
    if builder.is_prepared():
        return
    try:
        _check_reachable(builder)
        builder.download_and_prepare()
    except Exception as error:
        raise DataError(
            f"`dataset`={name} is not in {builder.data_path} and could not be "
            f"downloaded ({_first_line(error)}). Where there is a network, run `tfds "
            f"build {name}`; then give its folder as `data_dir`."
        ) from error


def _check_reachable(builder):
    """Raises an error without a network, where TFDS retries for minutes."""
    if builder.MANUAL_DOWNLOAD_INSTRUCTIONS:
        return
    for url in list(builder.url_infos)[:1]:
        request = urllib.request.Request(url, method="HEAD")
        # Any answer shows that there is a network.
        with contextlib.suppress(urllib.error.HTTPError):
            urllib.request.urlopen(request, timeout=10).close()


def _read_records(name, builder, split, keys, images):
    """Fills `images` and returns the labels."""
    import tensorflow_datasets as tfds

    def read(example):
        image = example[keys[0]]
        same = image.shape == images.shape[1:]
        return image if same else fit(image, images.shape[1]), example[keys[1]]

    labels = np.zeros(len(images), np.int32)
    end = 0
    try:
        dataset = builder.as_dataset(
            split=split,
            shuffle_files=False,
            decoders=tfds.decode.PartialDecoding(dict.fromkeys(keys, True)),
            # The cache is off, because it would keep a second copy of the images.
            read_config=tfds.ReadConfig(try_autocache=False),
        )
        dataset = dataset.map(read, tf.data.AUTOTUNE, deterministic=True)
        for part in dataset.batch(_BATCH_SIZE).prefetch(2).as_numpy_iterator():
            begin, end = end, end + len(part[1])
            images[begin:end], labels[begin:end] = part
    except tf.errors.OpError as error:
        check_is_damage(error, f"`dataset`={name}")
        raise damaged_records(name, builder, split) from error
    return labels


def damaged_records(name: str, builder: Any, split: str) -> DataError:
    """Returns the error that names the damaged file of a split."""
    path = _damaged_path(builder, split)
    return DataError(
        f"`dataset`={name}: {path} is missing or damaged; remove {builder.data_path} "
        "and get the data again."
    )


def _damaged_path(builder, split):
    """Returns the first file without its number of records, else the folder."""
    info = builder.info.splits[split.partition("[")[0]]
    for path, length in zip(info.filepaths, info.shard_lengths):
        records = tf.data.TFRecordDataset(str(path))
        try:
            count = records.reduce(np.int64(0), lambda count, _: count + 1)
        except tf.errors.OpError:
            return path
        if count != length:
            return path
    return builder.data_path


def _first_line(error):
    return first_line(error).rstrip(".:")
