"""Numbers of the published code, computed on two devices."""

import numpy as np
import pytest

from darts_tf.convolutional.forms.form import FORMS
from tests.distribution import golden_replica_steps, replica_steps

METHODS = {
    "first_order": ("first", "exact"),
    "exact_second_order": ("second", "exact"),
    "finite_difference": ("second", "finite_difference"),
}
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def path(golden_folder):
    return golden_folder / "conv_search.npz"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", METHODS)
def test_golden_gradient(path, tmp_path, name, form, record_property):
    case = {"golden": str(path), "method": METHODS[name], "form": form}
    replica_steps.start(golden_replica_steps, tmp_path, {name: case})
    golden, found = np.load(path), np.load(tmp_path / f"{name}.npz")
    expected = {kind: golden[f"{name}/0/{kind}"] for kind in found.files}
    error = replica_steps.largest_error(dict(found), expected)
    record_property("largest relative error", f"{error:.1e}")
    assert error <= 1e-9
