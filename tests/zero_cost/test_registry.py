import unittest.mock

import pytest

from darts_tf.zero_cost import Score, get_score, register_score, registry, score_names
from tests.build_files import ROOT

NAMES = ("jacob_cov", "multiply_adds", "nwot", "synflow", "weights")


@pytest.fixture(autouse=True)
def scores():
    """The registry as it was."""
    with unittest.mock.patch.dict(registry._SCORES):
        yield


def own_score(source="a test"):
    return Score("first", source, lambda network, images: 1.0)


def test_every_module_has_a_score():
    files = (ROOT / "darts_tf/zero_cost/known").glob("[a-z]*.py")
    assert tuple(sorted(file.stem for file in files)) == NAMES == score_names()
    assert [get_score(name).name for name in NAMES] == list(NAMES)


def test_a_score_of_ones_own():
    first = own_score()
    assert register_score(first) is first and get_score("first") is first
    register_score(own_score())
    with pytest.raises(ValueError, match="`score`, expected one of another name"):
        register_score(own_score("another test"))
    with pytest.raises(ValueError, match="`score`, expected a `Score`"):
        register_score(len)
    with pytest.raises(ValueError, match="`score`, expected one of first, jacob_cov"):
        get_score("no_such")
