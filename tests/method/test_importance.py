"""Operations left out one by one; tests/variants/test_golden_dartspt.py has more."""

import numpy as np

from darts_tf.method.architecture import OPERATIONS
from darts_tf.method.importance import (
    measure_on,
    without_each_of,
    without_each_operation,
)


def test_each_operation_is_left_out_once():
    coefficients = {
        "normal": {OPERATIONS: np.array([[1.0, 2.0], [3.0, 4.0]]), "weights": 5.0},
        "reduce": {OPERATIONS: np.array([[10.0, 20.0]])},
    }

    def measure(given):
        assert given["normal"]["weights"] == 5.0
        total = sum(of_kind[OPERATIONS].sum() for of_kind in given.values())
        return {"total": total, "parity": total % 2}

    found = without_each_operation(measure, coefficients)
    np.testing.assert_array_equal(found["normal"]["total"], [[39, 38], [37, 36]])
    np.testing.assert_array_equal(found["reduce"]["total"], [[30, 20]])
    np.testing.assert_array_equal(found["normal"]["parity"], [[1, 0], [1, 0]])
    assert coefficients["normal"][OPERATIONS].sum() == 10


def test_places_are_edges_or_operations():
    coefficients = {"normal": {OPERATIONS: np.array([[1.0, 2.0], [3.0, 4.0]])}}

    def measure(given):
        return {"total": given["normal"][OPERATIONS].sum()}

    found = without_each_of(measure, coefficients, "normal", [1, (0, 1)])
    np.testing.assert_array_equal(found["total"], [3, 8])


def test_means_over_all_examples():
    """Batches of other sizes weigh as they should, and hand their state on."""

    def measured(batch, coefficients, state):
        state = (state or 0) + 1
        return {"number": coefficients * batch, "state": state}, batch, state

    found = measure_on(measured, [1, 3])(10.0)
    assert found == {"number": (10 * 1 + 30 * 3) / 4, "state": (1 * 1 + 2 * 3) / 4}
