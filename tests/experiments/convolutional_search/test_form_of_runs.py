"""The form of the search network in a run: settled, written down and kept."""

import dataclasses
import json

import pytest

from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.experiments.convolutional_search.experiment import ConvolutionalSearch
from darts_tf.settings import added_settings
from tests.experiments.small_searches import SMALL

CONFIG = dataclasses.replace(SMALL, steps_per_epoch=1, epochs=1)


def test_it_is_settled_before_work_starts():
    search = ConvolutionalSearch(CONFIG)
    assert search.config.form == "auto"
    search.prepare()
    # There is no GPU here. Earlier versions knew no other form.
    assert search.config == dataclasses.replace(CONFIG, form="edges")
    assert added_settings(SearchConfig)["form"] == "edges"


@pytest.mark.long
def test_a_run_continues_in_its_form(tmp_path):
    grouped = dataclasses.replace(CONFIG, form="grouped")
    folder = ConvolutionalSearch(grouped).run(tmp_path / "run")
    config = json.loads((folder / "config.json").read_text())
    assert config["settings"]["form"] == "grouped"
    # A finished run, so that nothing is computed.
    assert ConvolutionalSearch(grouped).run(folder) == folder
    with pytest.raises(UserError, match="form: 'grouped' there, 'edges' now"):
        ConvolutionalSearch(CONFIG).run(folder)
