import json

import pytest

from darts_tf.errors import UserError
from darts_tf.export.exporters import export_run
from darts_tf.export.image_export import ExportConfig


def test_a_run_of_another_kind(tmp_path):
    config = {"format": "darts_tf.search", "data": {}}
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(UserError, match=r"is a 'darts_tf.search'; expected a train"):
        export_run(ExportConfig(tmp_path, tmp_path / "out"))


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"format": 1, "data": 2}', "\xff"])
def test_damaged_configuration(tmp_path, text):
    (tmp_path / "config.json").write_text(text, "latin-1")
    with pytest.raises(UserError, match=r"config.json is damaged"):
        export_run(ExportConfig(tmp_path, tmp_path / "out"))
