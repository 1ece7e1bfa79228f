import numpy as np
import pytest

from darts_tf.data.images import image_dataset
from darts_tf.data.images.image_dataset import ImageDataset


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


def test_statistics_of_other_data():
    dataset = make_dataset(2500)
    mean, std = image_dataset.channel_statistics(dataset.images)
    values = dataset.images / 255
    np.testing.assert_allclose(mean, values.mean((0, 1, 2)), rtol=1e-12)
    np.testing.assert_allclose(std, values.std((0, 1, 2)), rtol=1e-12)


def test_statistics_of_one_colour():
    dataset = make_dataset(images=np.full((10, 4, 4, 1), 51, "uint8"))
    assert image_dataset.channel_statistics(dataset.images) == ((0.2,), (1.0,))


@pytest.mark.parametrize("portion", [0, 1, -0.1, float("nan")])
def test_portion_out_of_bounds(portion):
    with pytest.raises(ValueError, match="`train_portion`"):
        image_dataset.split_positions(10, portion, seed=0)
