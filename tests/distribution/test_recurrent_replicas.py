"""Language models on several devices compute what one device computes.

In a search one device normalizes over the texts of each device by themselves.
"""

import numpy as np
import pytest

from tests.distribution import recurrent_replica_steps, replica_steps

METHODS = {
    "first": ("first", "exact"),
    "exact": ("second", "exact"),
    "difference": ("second", "finite_difference"),
    "training": None,
}
# The same in all cases: a second strategy would use the collectives of the first.
DEVICES = {"replicas": 2}
SPOILT = {
    **DEVICES,
    "method": METHODS["first"],
    "policy": "mixed_float16",
    "spoilt": True,
}
CASES = {
    "overflow": {**SPOILT, "steps": 1},
    "nothing": {**SPOILT, "steps": 0},
}
for name, method in METHODS.items():
    # In a training the loop over the words is each replica's own.
    common = {"method": method, "counted": method is not None}
    CASES[f"{name}_one"] = {**common, "parts": 2 if method else 1}
    CASES[f"{name}_replicas"] = {**common, **DEVICES}
for name, devices in (("one", {}), ("replicas", DEVICES)):
    CASES[f"layers_{name}"] = {"method": None, "layers": True, **devices}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """What each case computed; the copies of all replicas had the same bits."""
    folder = tmp_path_factory.mktemp("replicas")
    replica_steps.start(recurrent_replica_steps, folder, CASES)
    return {name: dict(np.load(folder / f"{name}.npz")) for name in CASES}


@pytest.mark.parametrize("name", [*METHODS, "layers"])
def test_replicas_equal_one_device(results, name, record_property):
    found, one = results[f"{name}_replicas"], results[f"{name}_one"]
    error = replica_steps.largest_error(found, one)
    record_property("largest relative error", f"{error:.1e}")
    assert error <= 1e-9


@pytest.mark.parametrize("name", ["first", "exact", "difference"])
def test_replicas_share_what_is_traced(results, name):
    found, one = results[f"{name}_replicas"], results[f"{name}_one"]
    assert found["functions"] == one["functions"]


def test_an_overflow_on_one_replica_takes_the_step_back_on_all(results):
    """Alpha, w, their optimizers and all hidden states."""
    overflow, nothing = results["overflow"], results["nothing"]
    *_, scale, _ = [name for name in nothing if name.startswith("variable")]
    assert overflow[scale] == nothing[scale] / 2 > 1
    kept = nothing.keys() - {scale}
    assert sum(name.startswith("state") for name in kept) == 4
    for name in kept:
        np.testing.assert_array_equal(overflow[name], nothing[name])
    assert np.isfinite(overflow["loss"]).all()
