"""One search on several devices is the same search as on one.

That of one order with the statistics of all is compared in test_several_workers.py,
the others on four devices in test_four_replicas.py.
"""

import numpy as np
import pytest

from tests.distribution import replica_steps

DIFFERENCE = ("second", "finite_difference")
FIRST = ("first", "exact")
HALF = {"policy": "mixed_float16", "replicas": 2}
HALF_SEARCH = {**HALF, "method": ("first", "exact"), "sync_batch_norm": False}
HALF_TRAINING = {**HALF, "method": None}
EXACT = ("second", "exact")
NOISE = {"noise": True, "valid": 6}
EVALUATED = {"noise": True, "steps": 0, "evaluated": True}
INFINITE = {"last_image": float("inf")}
CASES = {
    "difference_one": {"method": DIFFERENCE},
    "training_one": {"method": None},
    "training_sync": {"method": None, "replicas": 2},
    "difference_parts": {
        "method": DIFFERENCE,
        "parts": 2,
        "steps": 20,
        "counted": True,
    },
    "difference_own": {
        "method": DIFFERENCE,
        "replicas": 2,
        "sync_batch_norm": False,
        "steps": 20,
        "counted": True,
    },
    "noise_one": {"method": EXACT, **NOISE},
    "noise_sync": {"method": EXACT, "replicas": 2, **NOISE},
    "evaluated_one": {"method": FIRST, **EVALUATED},
    "evaluated_own": {
        "method": FIRST,
        "replicas": 2,
        "sync_batch_norm": False,
        **EVALUATED,
    },
    "noise_training_one": {"method": None, **NOISE},
    "noise_training_sync": {"method": None, "replicas": 2, **NOISE},
    "eigenvalue_one": {"method": FIRST, "steps": 0, "eigenvalue": True},
    "eigenvalue_sync": {
        "method": FIRST,
        "steps": 0,
        "eigenvalue": True,
        "replicas": 2,
    },
    "overflow": {**HALF_SEARCH, **INFINITE, "steps": 1},
    "nothing": {**HALF_SEARCH, "steps": 0},
    "overflow_and_step": {**HALF_TRAINING, **INFINITE, "steps": 2},
    "step_one": {**HALF_TRAINING, "replicas": 1, "first_step": 1, "steps": 1},
}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """What each case computed; the copies of all replicas had the same bits."""
    folder = tmp_path_factory.mktemp("replicas")
    replica_steps.start(replica_steps, folder, CASES)
    return {name: dict(np.load(folder / f"{name}.npz")) for name in CASES}


@pytest.mark.parametrize(
    "replicated, single",
    [
        ("difference_own", "difference_parts"),
        ("training_sync", "training_one"),
        ("noise_sync", "noise_one"),
        ("evaluated_own", "evaluated_one"),
        ("noise_training_sync", "noise_training_one"),
        ("eigenvalue_sync", "eigenvalue_one"),
    ],
)
def test_replicas_equal_one_device(results, replicated, single, record_property):
    error = replica_steps.largest_error(results[replicated], results[single])
    record_property("largest relative error", f"{error:.1e}")
    assert error <= 1e-9


def test_replicas_share_what_is_traced(results):
    one, two = (
        results[name]["functions"] for name in ("difference_parts", "difference_own")
    )
    assert two == one > 2


def test_statistics_of_parts_are_others(results):
    """So that the comparisons above can tell one definition from the other."""
    parts, one = (
        results[name]["loss"][0] for name in ("difference_parts", "difference_one")
    )
    assert abs(parts - one) > 1e-4


def test_an_overflow_on_one_replica_takes_the_step_back_on_all(results):
    overflow, nothing = results["overflow"], results["nothing"]
    names = [name for name in nothing if name.startswith("variable")]
    *state, scale, _ = names
    assert len(state) > 20
    for name in state:
        np.testing.assert_array_equal(overflow[name], nothing[name])
    assert overflow[scale] == nothing[scale] / 2 > 1
    assert np.isfinite(overflow["loss"]).all()


def test_a_training_goes_on_after_an_overflow_on_one_replica(results, record_property):
    """As one device that never saw the batch, to the precision of float16."""
    found, expected = results["overflow_and_step"], results["step_one"]
    *state, scale, _ = [name for name in expected if name.startswith("variable")]
    assert found[scale] == expected[scale] / 2 > 1
    # Not relative to each array: float16 loses those that are small beside others.
    error = max(np.abs(found[name] - expected[name]).max() for name in state)
    record_property("largest error", f"{error:.1e}")
    # The norm of the whole gradient is 0.5, to which it is clipped.
    assert error <= 2**-10
