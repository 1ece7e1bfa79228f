"""DARTS-PT's decisions against numbers that its authors' code computed in float64."""

import functools

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.method.decisions import Projection, left_coefficients
from darts_tf.method.importance import measure_on
from darts_tf.method.relaxations import softmax
from darts_tf.method.slots import OPERATIONS
from darts_tf.space.topology import edge_index
from tests.variants.golden_variants import (
    TOLERANCE,
    batch,
    genotype_lists,
    make_model,
    make_network,
    read_arrays,
    read_json,
    relative_error,
)

KINDS = ("normal", "reduce")
CRITERIA = {"acc": "accuracy", "loss": "loss"}


@pytest.fixture(scope="module")
def run(golden_folder, float64_module):
    """The golden numbers, the model, and a function that evaluates coefficients."""
    golden = read_arrays(golden_folder, "dartspt")
    settings = read_json(golden_folder, "dartspt")
    model = make_model(make_network(golden, settings))
    batches = [batch(golden, "valid", step) for step in range(2)]
    return golden, settings, model, measure_on(model.traced_measured, batches)


def _rows(node):
    """The rows of alpha of the edges into a node; 0 is the second one of the cell."""
    return [edge_index(node + 1, source) for source in range(node + 3)]


def _recorded(decision):
    """Accuracies and losses; later rounds of a node repeat those of the first."""
    if decision["what"] == "operation":
        return np.array(decision["without_each_operation"])
    return np.array(decision["without_each_edge"][: len(_rows(decision["node"]))])


def _one_of(chosen, candidates):
    assert chosen in candidates
    return chosen


def _select(run, name):
    """Makes all decisions of a run in the recorded order, and compares each.

    Args:
        run: The fixture.
        name: Name of the run.

    Returns:
        Tuple of what is left, the last coefficients, and the largest relative error.
    """
    golden, settings, model, measure = run
    rule, space = Projection(criterion=CRITERIA[name]), model.network.space
    arrays = {kind: softmax(golden[f"alphas_{kind}"]) for kind in KINDS}
    left = {kind: np.ones_like(x) for kind, x in arrays.items()}
    coefficients = {kind: {OPERATIONS: x} for kind, x in arrays.items()}
    errors = []
    for recorded in settings["runs"][name]["decisions"]:
        kind, is_edge = recorded["cell"], recorded["what"] == "operation"
        chosen = recorded["edge"] if is_edge else recorded["node"] + 1
        made = rule.decision(
            space.of(kind),
            left[kind],
            coefficients,
            measure,
            functools.partial(_one_of, chosen),
        )
        accuracies, losses = _recorded(recorded).T
        np.testing.assert_array_equal(100 * made.found["accuracy"], accuracies)
        errors.append(relative_error(made.found["loss"], losses))
        if is_edge:
            assert made.left[chosen].tolist() == np.eye(7)[recorded["chosen"]].tolist()
        else:
            rows = [row for row in _rows(chosen - 1) if made.left[row].any()]
            assert rows == recorded["kept"]
        left[kind], coefficients = made.left, made.applied(coefficients, kind)
    assert len(errors) == 34
    return left, coefficients, max(errors)


# By accuracy the losses of all evaluations are compared, too.
@pytest.mark.parametrize("name", ["acc", pytest.param("loss", marks=pytest.mark.long)])
def test_golden_selections(run, name, record_property):
    """All evaluations, all decisions, and what is left in the end."""
    golden, settings, model, _ = run
    left, coefficients, error = _select(run, name)
    record_property("largest relative error", f"{error:.1e} in the losses")
    assert error <= TOLERANCE
    for kind in KINDS:
        final = golden[f"final_coefficients_{kind}/{name}"]
        whole = tf.constant(softmax(golden[f"alphas_{kind}"]))
        np.testing.assert_array_equal(coefficients[kind][OPERATIONS], final)
        np.testing.assert_array_equal(left_coefficients(whole, left[kind]), final)
    strengths = model.network.architecture.strengths()
    strengths = {kind: x * left[kind] for kind, x in strengths.items()}
    found = genotype_lists(model.network.space.derive(strengths))
    for kind, edges in settings["runs"][name]["genotype"].items():
        assert _by_node(found[kind]) == _by_node(edges)


def _by_node(edges):
    """The edges of each node, which have no order."""
    return [sorted(edges[index : index + 2]) for index in range(0, len(edges), 2)]


@pytest.mark.parametrize("name", CRITERIA)
def test_later_rounds_repeat_the_first(golden_folder, name):
    content = read_json(golden_folder, "dartspt")
    for decision in content["runs"][name]["decisions"]:
        if decision["what"] == "edges":
            first = _recorded(decision).tolist()
            assert all(x in first for x in decision["without_each_edge"])


def test_golden_rows_of_nodes(golden_folder):
    rows = read_json(golden_folder, "dartspt")["edges_of_node"]
    assert {int(node): of_node for node, of_node in rows.items()} == {
        node: _rows(node) for node in range(3)
    }
