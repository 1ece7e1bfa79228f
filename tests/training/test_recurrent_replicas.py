"""Language models on several devices compute what one device computes.

In a search one device normalizes over the texts of each device by themselves.
"""

import numpy as np
import pytest

from tests.training import recurrent_replica_steps, replica_steps

METHODS = {
    "first": ("first", "exact"),
    "exact": ("second", "exact"),
    "difference": ("second", "finite_difference"),
    "training": None,
}
CASES = {}
for name, method in METHODS.items():
    CASES[f"{name}_one"] = {"method": method, "parts": 2 if method else 1}
    CASES[f"{name}_two"] = {"method": method, "replicas": 2}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """What each case computed; the copies of all replicas had the same bits."""
    folder = tmp_path_factory.mktemp("replicas")
    replica_steps.start(recurrent_replica_steps, folder, CASES)
    return {name: dict(np.load(folder / f"{name}.npz")) for name in CASES}


@pytest.mark.parametrize("name", METHODS)
def test_replicas_equal_one_device(results, name, record_property):
    two, one = results[f"{name}_two"], results[f"{name}_one"]
    error = replica_steps.largest_error(two, one)
    record_property("largest relative error", f"{error:.1e}")
    assert error <= 1e-9
