"""Operations left out one by one, and the numbers of the authors of DARTS-PT for it."""

import json

import numpy as np
import pytest
import tensorflow as tf

from benchmarks.golden_names import load_golden_weights
from darts_tf.autodiff.tracing_speed import opaque_calls
from darts_tf.convolutional.search_model import SearchModel
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.method.architecture import OPERATIONS
from darts_tf.method.importance import without_each_operation

TOLERANCE = 1e-9


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


@pytest.fixture(scope="module")
def golden(golden_folder):
    """The arrays and the decisions of the authors' code."""
    folder = golden_folder / "variants"
    decisions = json.loads((folder / "dartspt.json").read_text("utf-8"))
    return np.load(folder / "dartspt.npz", allow_pickle=False), decisions


@pytest.fixture(scope="module")
def measure(golden, float64_module):
    """Function of coefficients that evaluates the authors' network."""
    arrays, decisions = golden
    network = SearchNetwork(
        5, 4, num_cells=3, primitives=tuple(decisions["primitives"]), dtype="float64"
    )
    network.build((None, 8, 8, 3))
    load_golden_weights(network, arrays)
    model = SearchModel(network, order="first", dtype="float64")
    model.compile()
    batches = [
        (
            arrays[f"x_valid_{i}"].transpose(0, 2, 3, 1).astype("float64"),
            arrays[f"y_valid_{i}"].astype("int32"),
        )
        for i in range(2)
    ]
    measured = tf.function(opaque_calls(model.measured), autograph=False)

    def of_coefficients(coefficients):
        found = [measured(batch, coefficients)[0] for batch in batches]
        means = {name: np.mean([x[name] for x in found]) for name in found[0]}
        return [100 * means["accuracy"], means["loss"]]

    return network, of_coefficients


@pytest.mark.parametrize("run", ["loss", pytest.param("acc", marks=pytest.mark.long)])
def test_golden_evaluations(golden, measure, run, record_property):
    """Each operation of an edge left out, before and after others are decided."""
    network, of_coefficients = measure
    decisions = golden[1]["runs"][run]["decisions"]
    coefficients = tf.nest.map_structure(np.array, network.coefficients())
    errors = []
    for decision in decisions:
        if decision["what"] != "operation":
            break
        operations = coefficients[decision["cell"]][OPERATIONS]
        edge, found = decision["edge"], []
        row = operations[edge].copy()
        for column in range(len(row)):
            operations[edge, column] = 0
            found.append(of_coefficients(coefficients))
            operations[edge] = row
        expected = np.array(decision["without_each_operation"])
        errors.append(np.abs(np.array(found) / expected - 1).max())
        operations[edge] = np.eye(len(row))[decision["chosen"]]
    assert len(errors) == 28
    record_property("largest relative error", f"{max(errors):.1e}")
    assert max(errors) <= TOLERANCE
