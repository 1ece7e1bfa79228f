import pytest
from absl import logging

from benchmarks.input_pipeline.__main__ import main
from benchmarks.input_pipeline.flags import input_pipeline_flags
from benchmarks.input_pipeline.settings import PipelineConfig
from trainers import program


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
        main()
    assert "fewer than `batch_size`=2000" in capsys.readouterr().err
