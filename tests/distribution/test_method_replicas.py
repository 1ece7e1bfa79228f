"""The steps of the published methods on two devices are those on one."""

import numpy as np
import pytest

from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.methods import preset_names
from darts_tf.tasks.configuration import configured
from tests.distribution import method_replica_steps, replica_steps

pytestmark = pytest.mark.long

SETTINGS = {"oles": {"freezing_steps": 1}, "darts_pt": {"projection_epochs": 1}}
# A cost that all derived networks exceed.
TARGET = 1000.0


def _has_stages(name):
    return configured(SearchConfig(), method=name).search_method().schedule.stages


# The stages of the others change the network, not what a step does.
NAMES = [name for name in preset_names("convolutional") if not _has_stages(name)]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """What each method computed on one device and on two."""
    folder = tmp_path_factory.mktemp("methods")
    cases = {
        f"{name}_{replicas}": {
            "method": name,
            "replicas": replicas,
            "order": "first",
            **SETTINGS.get(name, {}),
        }
        for name in NAMES
        for replicas in (1, 2)
    }
    cases |= {f"target_{n}": {**cases[f"darts_{n}"], "target": TARGET} for n in (1, 2)}
    replica_steps.start(method_replica_steps, folder, cases)
    return {name: dict(np.load(folder / f"{name}.npz")) for name in cases}


@pytest.mark.parametrize("name", [*NAMES, "target"])
def test_two_devices_equal_one(results, name, record_property):
    one, two = (results[f"{name}_{replicas}"] for replicas in (1, 2))
    error = replica_steps.largest_error(two, one)
    record_property("largest relative error", f"{error:.1e}")
    assert error <= 1e-9


def test_something_is_decided_and_frozen(results):
    assert results["darts_pt_2"]["undecided"] == 8
    assert results["asap_2"]["undecided"] < 10
    assert results["oles_2"]["frozen_operations"] > 0
