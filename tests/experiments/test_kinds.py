import unittest.mock

import pytest

from darts_tf.experiments import kinds
from darts_tf.runs.experiment import Experiment
from tests.build_files import ROOT


@pytest.fixture(autouse=True)
def registry():
    """The registry as it was."""
    with unittest.mock.patch.dict(kinds._KINDS):
        yield


def test_every_folder_is_a_kind():
    files = (ROOT / "darts_tf" / "experiments").glob("*/experiment.py")
    names = [kind.__module__.split(".")[-2] for kind in kinds.kinds().values()]
    assert sorted(names) == sorted(file.parent.name for file in files)
    assert {kind.FORMAT: kind for kind in kinds.kinds().values()} == kinds.kinds()


def test_a_kind_is_registered_once():
    class Own(Experiment):
        FORMAT = "my_project.own"

    class Other(Experiment):
        FORMAT = "my_project.own"

    assert kinds.register_kind(Own) is Own
    assert kinds.register_kind(Own) is Own
    assert kinds.kinds()["my_project.own"] is Own
    with pytest.raises(ValueError, match="`kind`, expected one of another name"):
        kinds.register_kind(Other)
    assert kinds.kinds()["my_project.own"] is Own
