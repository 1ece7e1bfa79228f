import re

import pytest

from darts_tf.errors import UserError
from darts_tf.formats import format as formats
from darts_tf.formats.format import (
    FORMATS,
    Format,
    check_packages,
    loaded_path,
    runtime_version,
)


@pytest.mark.parametrize("format", FORMATS)
def test_the_packages_of_the_tests_suffice(format):
    check_packages("runtime", format)
    assert re.match(r"\d+\.\d+", runtime_version(format))


def test_what_is_missing_is_named(monkeypatch):
    packages = ("numpy", "none_such", "nor_this")
    monkeypatch.setattr(formats, "FORMATS", {"own": Format("model.own", packages)})
    with pytest.raises(UserError, match="`runtime`=own needs none_such and nor_this: "):
        check_packages("runtime", "own")


def test_what_a_runtime_loads(tmp_path):
    assert loaded_path("saved_model", tmp_path) == tmp_path
    assert loaded_path("onnx", tmp_path) == tmp_path / "model.onnx"
