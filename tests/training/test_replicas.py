"""One search on several devices is the same search as on one."""

import numpy as np
import pytest

from tests.training import replica_steps

EXACT = ("second", "exact")
DIFFERENCE = ("second", "finite_difference")
CASES = {
    "exact_one": {"method": EXACT},
    "exact_sync": {"method": EXACT, "replicas": 2},
    "training_one": {"method": None},
    "training_sync": {"method": None, "replicas": 2},
    "difference_parts": {"method": DIFFERENCE, "parts": 2, "steps": 20},
    "difference_own": {
        "method": DIFFERENCE,
        "replicas": 2,
        "sync_batch_norm": False,
        "steps": 20,
    },
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
        ("exact_sync", "exact_one"),
        ("difference_own", "difference_parts"),
        ("training_sync", "training_one"),
    ],
)
def test_replicas_equal_one_device(results, replicated, single, record_property):
    error = replica_steps.largest_error(results[replicated], results[single])
    record_property("largest relative error", f"{error:.1e}")
    assert error <= 1e-9


def test_statistics_of_parts_are_others(results):
    """So that the comparisons above can tell one definition from the other."""
    parts, one = (
        results[name]["loss"][0] for name in ("difference_parts", "exact_one")
    )
    assert abs(parts - one) > 1e-4
