import re

import pytest
from absl import logging

from benchmarks import input_pipeline
from benchmarks.flags import input_pipeline as input_pipeline_flags
from benchmarks.pipeline_settings import PipelineConfig
from trainers import program


@pytest.mark.parametrize("recipe", ["cifar", "imagenet"])
def test_measures(recipe):
    config = PipelineConfig("digits", recipe=recipe, batch_size=500, batches=4)
    text = input_pipeline.measure(config)
    assert "digits: 1438 images of (8, 8, 1)" in text
    assert float(re.search(r"(\d+) images/s", text)[1]) > 100
    assert f"4 batches of 500, {recipe} recipe" in text


@pytest.fixture
def verbosity():
    """What the program logs of itself is not what later tests log."""
    before = logging.get_verbosity()
    yield
    logging.set_verbosity(before)


def test_bad_input(monkeypatch, verbosity, capsys):
    config = PipelineConfig("digits", batch_size=2000)
    monkeypatch.setattr(input_pipeline_flags, "to_config", lambda: config)
    with pytest.raises(SystemExit), program.ended_by_one_line(__file__):
        input_pipeline.main()
    assert "fewer than `batch_size`=2000" in capsys.readouterr().err
