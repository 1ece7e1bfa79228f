"""A run on four devices is the same run as on one, in every order."""

import numpy as np
import pytest

from tests.distribution import recurrent_replica_steps, replica_steps

METHODS = {
    "first": ("first", "exact"),
    "exact": ("second", "exact"),
    "difference": ("second", "finite_difference"),
}
pytestmark = pytest.mark.long


def error_on_four(module, folder, method, parts):
    """The largest error relative to one device that normalizes so many parts."""
    cases = {
        "one": {"method": method, "parts": parts},
        "four": {"method": method, "replicas": 4},
    }
    replica_steps.start(module, folder, cases)
    one, four = (dict(np.load(folder / f"{case}.npz")) for case in cases)
    return replica_steps.largest_error(four, one)


@pytest.mark.parametrize("name", METHODS)
def test_image_search(name, tmp_path, record_property):
    error = error_on_four(replica_steps, tmp_path, METHODS[name], parts=1)
    record_property("largest relative error", f"{error:.1e}")
    assert error <= 1e-9


@pytest.mark.parametrize("name", [*METHODS, "training"])
def test_language_model(name, tmp_path, record_property):
    """The cell of a search normalizes over the texts of each device."""
    method = METHODS.get(name)
    parts = 4 if method else 1
    error = error_on_four(recurrent_replica_steps, tmp_path, method, parts)
    record_property("largest relative error", f"{error:.1e}")
    assert error <= 1e-9
