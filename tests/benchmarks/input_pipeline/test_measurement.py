import re

import pytest

from benchmarks.input_pipeline.measurement import measure
from benchmarks.input_pipeline.settings import PipelineConfig


@pytest.mark.parametrize("recipe", ["cifar", "imagenet"])
def test_measures(recipe):
    config = PipelineConfig("digits", recipe=recipe, batch_size=500, batches=4)
    text = measure(config)
    assert "digits: 1438 images of (8, 8, 1)" in text
    assert float(re.search(r"(\d+) images/s", text)[1]) > 100
    assert f"4 batches of 500, {recipe} recipe" in text
