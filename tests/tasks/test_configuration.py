import pathlib

import pytest

from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.tasks.configuration import configured, is_text


def test_settings_are_changed():
    config = configured(
        SearchConfig(), layers=3, devices=["0"], data_dir=pathlib.Path("a")
    )
    assert (config.layers, config.devices, config.data_dir) == (3, ("0",), "a")
    assert config.nodes == SearchConfig().nodes


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"layer": 3}, "no setting 'layer'; did you mean `layers`?"),
        ({"colour": 3}, r"no setting 'colour'; see help\(darts_tf.*SearchConfig\)"),
    ],
)
def test_what_is_no_setting(settings, message):
    with pytest.raises(UserError, match=message):
        configured(SearchConfig(), **settings)


def test_texts_and_images(tmp_path):
    assert is_text("ptb") and is_text("python_reference")
    assert not is_text("digits") and not is_text(tmp_path)
    (tmp_path / "train.txt").write_text("a b c\n")
    assert is_text(tmp_path)
