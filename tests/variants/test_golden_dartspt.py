"""DARTS-PT's evaluations against numbers that its authors' code computed in float64."""

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.method.architecture import OPERATIONS
from darts_tf.method.relaxations import softmax
from darts_tf.space.topology import edge_index
from tests.variants.golden_variants import (
    TOLERANCE,
    batch,
    compiled,
    make_model,
    make_network,
    read_arrays,
    read_json,
    relative_error,
)

KINDS = ("normal", "reduce")
RUNS = ("acc", "loss")
# Numbers of the decisions whose networks are evaluated: of operations and of edges, of
# both kinds of cells, early and late.
SOME = (0, 27, 28, 33)


@pytest.fixture(scope="module")
def run(golden_folder, float64_module):
    """The golden numbers, and a function that evaluates the network."""
    golden = read_arrays(golden_folder, "dartspt")
    settings = read_json(golden_folder, "dartspt")
    model = make_model(make_network(golden, settings))
    batches = [batch(golden, "valid", step) for step in range(2)]

    @compiled
    def losses(images, labels, coefficients):
        w, _ = model._values()
        nested = {kind: {OPERATIONS: c} for kind, c in coefficients.items()}
        objective = model.network_loss.untraced_on_batch(images, labels)
        loss, (logits, _) = objective.loss(w, nested)
        hits = tf.equal(tf.argmax(logits, -1, labels.dtype), labels)
        return loss, tf.reduce_mean(tf.cast(hits, tf.float64))

    def evaluate(coefficients):
        """Accuracy in percent, and loss, of both batches."""
        found = [losses(*each, coefficients) for each in batches]
        loss, accuracy = np.mean(found, axis=0)
        return [100 * accuracy, loss]

    return golden, settings, evaluate


def _networks(golden, content):
    """Each decision with the coefficients of the networks that it compares.

    The last pair has no decision, but the coefficients after all of them.
    """
    coefficients = {kind: softmax(golden[f"alphas_{kind}"]) for kind in KINDS}
    for decision in content["decisions"]:
        matrix = coefficients[decision["cell"]]
        if decision["what"] == "operation":
            row = decision["edge"]
            places = [(row, column) for column in range(matrix.shape[1])]
        else:
            places = [(row, slice(None)) for row in _rows(decision["node"])]
        yield decision, [_without(coefficients, decision, place) for place in places]
        if decision["what"] == "operation":
            matrix[row] = np.eye(matrix.shape[1])[decision["chosen"]]
        else:
            removed = [row for row, _ in places if row not in decision["kept"]]
            matrix[removed] = 0
    yield None, coefficients


def _rows(node):
    """The rows of alpha of the edges into a node; 0 is the second one of the cell."""
    return [edge_index(node + 1, source) for source in range(node + 3)]


def _without(coefficients, decision, place):
    """The coefficients with a zero in one place, all as tensors."""
    changed = {kind: matrix.copy() for kind, matrix in coefficients.items()}
    changed[decision["cell"]][place] = 0
    return {kind: tf.constant(matrix) for kind, matrix in changed.items()}


def _recorded(decision):
    """Accuracies and losses; later rounds of a node repeat those of the first."""
    if decision["what"] == "operation":
        return decision["without_each_operation"]
    return decision["without_each_edge"][: len(_rows(decision["node"]))]


def _check(run, name, chosen, record_property):
    golden, settings, evaluate = run
    errors = []
    networks = _networks(golden, settings["runs"][name])
    for number, (decision, candidates) in enumerate(networks):
        if decision is not None and number in chosen:
            expected = np.array(_recorded(decision))
            found = np.array([evaluate(candidate) for candidate in candidates])
            np.testing.assert_array_equal(found[:, 0], expected[:, 0])
            errors.append(relative_error(found[:, 1], expected[:, 1]))
    note = f"{max(errors):.1e} in the losses of {len(errors)} decisions"
    record_property("largest relative error", note)
    assert len(errors) == len(chosen) and max(errors) <= TOLERANCE


@pytest.mark.parametrize("name", RUNS)
def test_golden_evaluations(run, name, record_property):
    _check(run, name, SOME, record_property)


@pytest.mark.long
@pytest.mark.parametrize("name", RUNS)
def test_all_golden_evaluations(run, name, record_property):
    chosen = range(len(run[1]["runs"][name]["decisions"]))
    _check(run, name, chosen, record_property)


@pytest.mark.parametrize("name", RUNS)
def test_golden_final_coefficients(golden_folder, name):
    golden = read_arrays(golden_folder, "dartspt")
    content = read_json(golden_folder, "dartspt")["runs"][name]
    *_, (_, final) = _networks(golden, content)
    for kind in KINDS:
        np.testing.assert_array_equal(
            final[kind], golden[f"final_coefficients_{kind}/{name}"]
        )


@pytest.mark.parametrize("name", RUNS)
def test_later_rounds_repeat_the_first(golden_folder, name):
    content = read_json(golden_folder, "dartspt")
    for decision in content["runs"][name]["decisions"]:
        if decision["what"] == "edges":
            first = _recorded(decision)
            assert all(x in first for x in decision["without_each_edge"])


def test_golden_rows_of_nodes(golden_folder):
    rows = read_json(golden_folder, "dartspt")["edges_of_node"]
    assert {int(node): of_node for node, of_node in rows.items()} == {
        node: _rows(node) for node in range(3)
    }
