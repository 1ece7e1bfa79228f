import shutil

import numpy as np
import pytest
from PIL import Image

from darts_tf.data import images
from darts_tf.data.images import DataError, ImageDataset, load_images


def make_folder(path, sizes=((9, 12), (9, 12))):
    """Two classes, an image of each of the sizes in each."""
    for value, name in enumerate(("cat", "ant")):
        (path / name).mkdir(parents=True)
        for index, (height, width) in enumerate(sizes):
            array = np.full((height, width, 3), 50 * value + index, "uint8")
            Image.fromarray(array).save(path / name / f"{index}.png")
    return path


def test_digits():
    dataset = load_images("digits")
    assert dataset.images.shape == (1797, 8, 8, 1)
    assert dataset.images.max() == 255 and dataset.images.min() == 0
    assert np.bincount(dataset.labels).min() > 170
    assert dataset.class_names == tuple("0123456789")


def test_digits_at_another_size():
    assert load_images("digits", image_size=12).images.shape == (1797, 12, 12, 1)


def test_folder_in_alphabetical_order(tmp_path):
    dataset = load_images(str(make_folder(tmp_path / "data")))
    assert dataset.class_names == ("ant", "cat")
    assert dataset.labels.tolist() == [0, 0, 1, 1]
    assert dataset.images[:, 0, 0, 0].tolist() == [50, 51, 0, 1]
    assert dataset.images.shape == (4, 9, 12, 3)


def test_folder_of_various_sizes(tmp_path):
    folder = str(make_folder(tmp_path / "data", ((9, 12), (20, 8))))
    with pytest.raises(DataError, match="--image_size"):
        load_images(folder)
    assert load_images(folder, image_size=6).images.shape == (4, 6, 6, 3)


def test_fit_scales_and_crops_the_centre(tmp_path):
    array = np.zeros((10, 30, 3), "uint8")
    array[:, 10:20] = 200
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        Image.fromarray(array).save(tmp_path / name / "0.png")
    image = load_images(str(tmp_path), image_size=10).images[0]
    np.testing.assert_array_equal(image, np.full((10, 10, 3), 200))


def test_broken_image_is_named(tmp_path):
    folder = make_folder(tmp_path / "data")
    broken = folder / "cat" / "1.png"
    broken.write_bytes(broken.read_bytes()[:40])
    with pytest.raises(DataError, match=r"cat/1\.png"):
        load_images(str(folder))


def test_folder_with_one_class(tmp_path):
    folder = make_folder(tmp_path / "data")
    shutil.rmtree(folder / "ant")
    with pytest.raises(DataError, match="at least 2 classes"):
        load_images(str(folder))


def test_empty_folders(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    with pytest.raises(DataError, match=r"0 image\(s\)"):
        load_images(str(tmp_path))


def test_missing_folder():
    with pytest.raises(DataError, match="no such folder"):
        load_images("./no/such-folder")


def test_unknown_name(tmp_path):
    with pytest.raises(DataError, match="cifar10"):
        load_images("cifar1O", str(tmp_path))


def test_cifar10(data_folder):
    dataset = load_images("cifar10", str(data_folder), split="test")
    assert dataset.images.shape == (10000, 32, 32, 3)
    assert np.bincount(dataset.labels).tolist() == [1000] * 10
    assert dataset.class_names[3] == "cat"
    again = load_images("cifar10", str(data_folder), split="test")
    np.testing.assert_array_equal(dataset.images, again.images)
    mean, std = images.channel_statistics(dataset)
    assert mean[0] == 0.49139968
    np.testing.assert_allclose(dataset.images.mean((0, 1, 2)) / 255, mean, atol=0.01)
    np.testing.assert_allclose(dataset.images.std((0, 1, 2)) / 255, std, atol=0.01)


def test_imagenet_needs_a_size(data_folder):
    with pytest.raises(DataError, match="--image_size"):
        load_images("imagenet2012", str(data_folder))
    dataset = load_images("imagenet2012", str(data_folder), image_size=32)
    assert dataset.images.shape == (74, 32, 32, 3)


def test_unknown_split(data_folder):
    with pytest.raises(DataError, match="'dev'"):
        load_images("cifar10", str(data_folder), split="dev")


def test_truncated_records(data_folder, tmp_path):
    source = data_folder / "imagenet2012"
    shutil.copytree(source, tmp_path / "imagenet2012")
    (records,) = tmp_path.rglob("*train.tfrecord*")
    records.chmod(0o644)
    records.write_bytes(records.read_bytes()[:1_000_000])
    with pytest.raises(DataError, match="damaged"):
        load_images("imagenet2012", str(tmp_path), image_size=32)


def test_too_large_for_the_memory(data_folder):
    with pytest.raises(DataError, match="GB of memory"):
        load_images("cifar10", str(data_folder), image_size=100_000)


def test_absent_data_names_data_dir(tmp_path):
    with pytest.raises(DataError, match="--data_dir"):
        load_images("imagenet2012", str(tmp_path), image_size=32)


def test_split_is_disjoint_and_fixed_by_the_seed():
    dataset = load_images("digits")
    # Mark each image with its number.
    marks = np.arange(1797)
    marked = np.stack([marks // 256, marks % 256], -1).astype("uint8")
    marked = ImageDataset("x", marked[:, None, None], dataset.labels, ("a", "b"))
    numbers = [
        [set((half.images.reshape(-1, 2) @ [256, 1]).tolist()) for half in halves]
        for halves in (images.split_images(marked, 0.25, seed) for seed in (0, 0, 1))
    ]
    train, valid = numbers[0]
    assert len(train) == 449 and not train & valid
    assert train | valid == set(range(1797))
    assert numbers[0] == numbers[1] != numbers[2]


def test_statistics_of_other_data():
    dataset = load_images("digits")
    mean, std = images.channel_statistics(dataset)
    np.testing.assert_allclose(mean, [dataset.images.mean() / 255], rtol=1e-6)
    np.testing.assert_allclose(std, [dataset.images.std() / 255], rtol=1e-6)
    constant = ImageDataset("x", dataset.images * 0, dataset.labels, ("a", "b"))
    assert images.channel_statistics(constant)[1] == (1.0,)
