import unittest.mock

import pytest

from darts_tf.rivals import get_strategy, register_strategy, registry, strategy_names
from darts_tf.rivals.strategy import Strategy
from tests.build_files import ROOT
from tests.rivals.small_spaces import EDGES, search

NAMES = ("evolution", "local", "progressive", "random", "reinforcement")


@pytest.fixture(autouse=True)
def strategies():
    """The registry as it was."""
    with unittest.mock.patch.dict(registry._STRATEGIES):
        yield


def own_strategy():
    class First(Strategy):
        """Proposes the first genotype of the space again and again."""

        name, source = "first", "a test"

        def _propose(self):
            return self.space.decode([0] * len(self.space.choices()))

    return First


def test_every_module_has_a_strategy():
    files = (ROOT / "darts_tf/rivals/known").glob("[a-z]*.py")
    assert len(list(files)) == len(NAMES)
    assert strategy_names() == NAMES
    assert [get_strategy(name).name for name in NAMES] == list(NAMES)


def test_a_strategy_of_ones_own():
    first = own_strategy()
    assert register_strategy(first) is first
    assert register_strategy(own_strategy()).name == "first"
    assert len(search(get_strategy("first")(EDGES), 3).trials) == 3
    with pytest.raises(ValueError, match="`strategy`, expected one of another name"):
        register_strategy(type("Second", (first,), {}))
    with pytest.raises(ValueError, match="`strategy`, expected a subclass"):
        register_strategy("random")
    with pytest.raises(ValueError, match="`strategy`, expected one of evolution, fir"):
        get_strategy("no_such")
