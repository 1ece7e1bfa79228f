import unittest.mock

import pytest

from darts_tf.costs import CostModel, cost_names, get_cost, register_cost, registry
from darts_tf.costs.latency.table import LatencyTable
from darts_tf.costs.registry import make_cost, unit_of
from tests.build_files import ROOT


@pytest.fixture(autouse=True)
def costs():
    """The registry as it was."""
    with unittest.mock.patch.dict(registry._COSTS):
        yield


def own_cost(qualname="Parts"):
    def of_part(self, part):
        return 1

    fields = {"name": "parts", "unit": "M parts", "of_part": of_part}
    return type("Parts", (CostModel,), {**fields, "__qualname__": qualname})


def test_every_module_has_a_cost():
    files = (ROOT / "darts_tf/costs/known").glob("[a-z]*.py")
    names = {file.stem for file in files} | {"latency"}
    assert {"moved_bytes", "mult_adds", "weights"} < names == {*cost_names()}
    assert [get_cost(name).name for name in cost_names()] == [*cost_names()]
    assert get_cost("latency") is LatencyTable


def test_a_cost_of_ones_own():
    first = own_cost()
    assert register_cost(first) is first and get_cost("parts") is first
    assert isinstance(make_cost("parts"), first) and unit_of("parts") == "M parts"
    register_cost(own_cost())
    with pytest.raises(ValueError, match="`cost`, expected one of another name"):
        register_cost(own_cost("Others"))
    with pytest.raises(ValueError, match="`cost`, expected a subclass of `CostModel`"):
        register_cost(len)
    with pytest.raises(ValueError, match="`cost`, expected one of latency, moved_by"):
        get_cost("no_such")
    assert unit_of("no_such") == "no_such"
