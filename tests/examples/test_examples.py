"""The examples work, at tiny sizes."""

import pytest
from PIL import Image
from sklearn.datasets import load_sample_images

from examples import photographs, sample_weights, spectrograms

TINY = {
    "layers": 2,
    "init_channels": 2,
    "batch_size": 8,
    "epochs": 1,
    "steps_per_epoch": 2,
}
SEARCH = {
    **TINY,
    "order": "first",
    "nodes": 1,
    "primitives": ["none", "skip_connect", "max_pool_3x3"],
}


def test_wrong_labels_get_less_weight():
    right, wrong = sample_weights.main(samples=100, steps=60)
    assert wrong < right - 0.05


@pytest.mark.long
def test_a_search_on_photographs(tmp_path):
    for name, image in zip(("temple", "flower"), load_sample_images().images):
        (tmp_path / "photos" / name).mkdir(parents=True)
        for number in range(24):
            crop = image[7 * number :, 11 * number :][:200, :200]
            Image.fromarray(crop).save(tmp_path / "photos" / name / f"{number}.png")
    text = photographs.main(
        tmp_path / "photos",
        tmp_path / "runs",
        image_size=16,
        search=SEARCH,
        training={**TINY, "auxiliary": False},
    )
    assert "saved_model" in text


@pytest.mark.long
def test_a_search_on_spectrograms(tmp_path):
    found = spectrograms.main(tmp_path, sounds=12, **SEARCH)
    assert found.data["image_shape"] == [32, 32, 3]
