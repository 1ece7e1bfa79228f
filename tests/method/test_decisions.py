"""Decisions for good, on numbers made up, and in searches of a small network."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.method.decisions import (
    Decisions,
    Moment,
    Projection,
    Pruning,
    check_decidable,
    left_coefficients,
    projection_epochs,
    undecided_nodes,
)
from darts_tf.method.history import UNDECIDED, SearchedEpoch
from darts_tf.method.methods import DARTS
from darts_tf.method.relaxations import AnnealedSoftmax
from darts_tf.method.schedule import Schedule
from darts_tf.method.slots import OPERATIONS
from darts_tf.method.stops import AllDecided
from darts_tf.space.search_space import convolutional_space
from tests.long_cases import with_long
from tests.method.method_checks import check_gradient, make_batch, make_model
from tests.method.test_toy_schedule import DropWeakest

pytestmark = pytest.mark.usefixtures("shared_edges")

PRIMITIVES = ("avg_pool_3x3", "skip_connect", "sep_conv_3x3")
SPACE = convolutional_space(PRIMITIVES, 2)


def moment(epoch, coefficients, left=None, measure=None):
    """The search of `SPACE` with the same numbers in both kinds of cells."""
    left = np.ones_like(coefficients) if left is None else left
    return Moment(
        SPACE,
        epoch,
        0,
        dict.fromkeys(SPACE.kinds, left),
        {kind: {OPERATIONS: coefficients} for kind in SPACE.kinds},
        lambda: measure,
    )


def test_coefficients_of_what_is_left():
    coefficients = tf.constant([[0.2, 0.3, 0.5]] * 4, tf.float64)
    left = tf.constant([[1, 1, 1], [1, 1, 0], [0, 1, 0], [0, 0, 0]], tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(coefficients)
        found = left_coefficients(coefficients, left)
    expected = [[0.2, 0.3, 0.5], [0.4, 0.6, 0], [0, 1, 0], [0, 0, 0]]
    np.testing.assert_allclose(found, expected, rtol=1e-15)
    np.testing.assert_array_equal(found[0], coefficients[0])
    # Of 2 x 0.2 / (0.2 + 0.3) - 1 the derivatives are 2 x 0.3 / 0.25, -2 x 0.2 / 0.25.
    weights = tf.constant([2.0, 0.0, 5.0], tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(coefficients)
        value = tf.reduce_sum(left_coefficients(coefficients, left) * weights)
    gradient = tape.gradient(value, coefficients).numpy()
    np.testing.assert_allclose(gradient[:2], [[2, 0, 5], [2.4, -1.6, 0]], rtol=1e-14)
    np.testing.assert_array_equal(gradient[2:], 0)


def test_weak_operations_leave():
    rule = Pruning(0.4, first_epoch=2)
    coefficients = np.array([[0.13, 0.14, 0.73], *[[1 / 3] * 3] * 4])
    assert rule.decided(moment(1, coefficients))["normal"].all()
    left = rule.decided(moment(2, coefficients))["normal"]
    # .4 / 3 is .1333.
    np.testing.assert_array_equal(left, [[0, 1, 1], *[[1, 1, 1]] * 4])
    # Of two that are left .4 / 2 is the least.
    coefficients[0] = [0, 0.19, 0.81]
    left = rule.decided(moment(2, coefficients, left))["normal"]
    np.testing.assert_array_equal(left[0], [0, 0, 1])
    assert rule.count_undecided(SPACE.cells[0], left) == 4


def test_the_strongest_stays_at_any_threshold():
    coefficients = np.tile([0.333, 0.334, 0.333], (5, 1))
    left = Pruning(1.0).decided(moment(0, coefficients))["reduce"]
    np.testing.assert_array_equal(left, [[0, 1, 0]] * 5)
    # Sigmoids are no shares of an edge, and may all be small.
    left = Pruning().decided(moment(0, 0.1 * coefficients))["reduce"]
    np.testing.assert_array_equal(left, [[0, 1, 0]] * 5)


def _measure(worth):
    """Accuracy that falls by what each operation is worth, and a loss that rises."""

    def measure(coefficients):
        total = sum(
            float(np.sum(worth[kind] * (of_kind[OPERATIONS] > 0)))
            for kind, of_kind in coefficients.items()
        )
        return {"accuracy": round(total) / 8, "loss": -total}

    return measure


@pytest.mark.parametrize("criterion", ["accuracy", "loss"])
def test_projection(criterion):
    """Every edge keeps what is worth most, and the last node its two best edges."""
    random = np.random.default_rng(3)
    worth = {kind: random.permutation(15).reshape(5, 3) for kind in SPACE.kinds}
    rule = Projection(first_epoch=3, epochs=2, criterion=criterion)
    coefficients = np.full([5, 3], 1 / 3)
    left = dict.fromkeys(SPACE.kinds, np.ones([5, 3]))
    counts = []
    for epoch in range(3 + projection_epochs(SPACE, 2)):
        now = moment(epoch, coefficients, measure=_measure(worth))._replace(left=left)
        applied = {
            kind: {OPERATIONS: left_coefficients(coefficients, x).numpy()}
            for kind, x in left.items()
        }
        left = rule.decided(now._replace(coefficients=applied))
        counts.append(rule.count_undecided(SPACE.cells[0], left["normal"]))
    assert counts == [6, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1, 0]
    for kind, matrix in left.items():
        best = worth[kind].max(axis=1)
        kept = [0, 1, *(2 + np.sort(np.argsort(best[2:])[1:]))]
        assert np.flatnonzero(matrix.any(axis=1)).tolist() == kept
        for row in kept:
            assert matrix[row].tolist() == np.eye(3)[worth[kind][row].argmax()].tolist()


def test_equals():
    """Of equal operations the first stays, of equal edges the last leaves."""
    rule, space = Projection(), SPACE.cells[0]
    coefficients = moment(0, np.full([5, 3], 1 / 3)).coefficients

    def measure(coefficients):
        return {"accuracy": 0.1 * 3, "loss": 1.0}

    left = np.ones([5, 3])
    decision = rule.decision(space, left, coefficients, measure, min)
    assert decision.left[0].tolist() == [1, 0, 0] and decision.rows == [0]
    left = np.tile([0.0, 1.0, 0.0], (5, 1))
    decision = rule.decision(space, left, coefficients, measure, min)
    assert undecided_nodes(space, left) == [1] and decision.rows == [4]
    assert rule.decision(space, decision.left, coefficients, measure, min) is None


def test_lengths_and_epochs():
    assert projection_epochs(convolutional_space(PRIMITIVES, 4), 5) == 81
    assert projection_epochs(convolutional_space(PRIMITIVES, 1), 5) == 6
    rule = Projection(first_epoch=7)
    assert [rule.scheduled_epoch(epoch) for epoch in (0, 6, 7, 90)] == [0, 6, 6, 6]
    assert [epoch for epoch in range(20) if rule.starts_anew(epoch)] == [7]
    assert Pruning().scheduled_epoch(3) == 3 and not Pruning().starts_anew(0)


def test_what_is_refused():
    with pytest.raises(ValueError, match="criterion"):
        Projection(criterion="size")
    with pytest.raises(ValueError, match="epochs"):
        Projection(epochs=0)
    with pytest.raises(ValueError, match="operations other than 'none'"):
        check_decidable(convolutional_space(("none", *PRIMITIVES), 2))
    with pytest.raises(ValueError, match="decisions"):
        dataclasses.replace(
            DARTS, decisions=Pruning(), schedule=Schedule(0, (DropWeakest(1),))
        )
    with pytest.raises(NotImplementedError):
        Decisions().decided(None)


def test_stop():
    epoch = SearchedEpoch(4, None, {}, {UNDECIDED: 1})
    assert AllDecided().kept_epoch([epoch]) is None
    assert AllDecided().kept_epoch([epoch._replace(metrics={})]) is None
    assert AllDecided().kept_epoch([epoch._replace(metrics={UNDECIDED: 0})]) == 4


ASAP = dataclasses.replace(
    DARTS,
    name="asap",
    relaxation=AnnealedSoftmax(1.6, 0.13, 5),
    decisions=Pruning(0.6),
    stop=AllDecided(),
)
PT = dataclasses.replace(
    DARTS, name="darts_pt", decisions=Projection(1, 1), stop=AllDecided()
)


def _fitted(method, epochs, **arguments):
    model = make_model(method, primitives=PRIMITIVES)
    model.validation_half = lambda: [make_batch(5), make_batch(6)]
    steps = tf.data.Dataset.from_tensors((make_batch(0), make_batch(1)))
    model.fit(steps, epochs=epochs, verbose=0, **arguments)
    return model


def test_without_decisions_there_is_no_state():
    network = make_model(DARTS).network
    names = [variable.name for variable in network.variables]
    assert not network.architecture.left
    assert not any(name.startswith("left") for name in names)


def test_pruned_search():
    """Operations leave one by one, for good, and the search ends when all are alone."""
    model = _fitted(ASAP, epochs=60)
    counts = [epoch.metrics[UNDECIDED] for epoch in model.record.epochs]
    assert counts == sorted(counts, reverse=True) and counts[-1] == 0 < counts[0]
    assert len(counts) < 60 and model.kept_epoch == len(counts)
    architecture = model.network.architecture
    for kind, left in architecture.left.items():
        np.testing.assert_array_equal(left.numpy().sum(axis=1), 1)
        coefficients = model.network.coefficients()[kind][OPERATIONS]
        np.testing.assert_array_equal(coefficients, left)
        assert ((architecture.strengths()[kind] > 0) == left.numpy()).all()
        for edge in model.network.genotype().cells[kind].edges:
            assert edge.primitive in PRIMITIVES
    alpha = model.architecture_gradients(*map(_with_draws, (make_batch(0),) * 2)).alpha
    np.testing.assert_array_equal(alpha, np.zeros_like(alpha))


def _with_draws(batch):
    return (*batch, None)


def test_projected_search():
    model = _fitted(PT, epochs=1 + projection_epochs(SPACE, 1))
    counts = [epoch.metrics[UNDECIDED] for epoch in model.record.epochs]
    assert counts == [12, 10, 8, 6, 4, 2, 0]
    for kind, left in model.network.architecture.left.items():
        rows = left.numpy().sum(axis=1)
        assert sorted(rows) == [0, 1, 1, 1, 1]
        cell = model.network.genotype().cells[kind]
        kept = {
            (node, source, PRIMITIVES[int(left.numpy()[row].argmax())])
            for row, (node, source) in enumerate(SPACE.of(kind).edges)
            if rows[row]
        }
        assert kept == {
            (node, edge.source, edge.primitive)
            for node, edges in enumerate(cell.nodes)
            for edge in edges
        }


def test_projection_needs_batches():
    """It says so before its first step, not where the first decision is due."""
    model = make_model(PT, primitives=PRIMITIVES)
    with pytest.raises(ValueError, match="validation_half"):
        model.begin_epoch(0)


def test_momentum_starts_anew():
    model = _fitted(PT, epochs=1)
    assert any(np.any(buffer.numpy()) for buffer in model.optimizer.buffers)
    step = int(model.optimizer.iterations.numpy())
    rate = float(model.optimizer.learning_rate.numpy())
    model.begin_epoch(1)
    assert not any(np.any(buffer.numpy()) for buffer in model.optimizer.buffers)
    assert int(model.optimizer.iterations.numpy()) == step == 1
    assert float(model.optimizer.learning_rate.numpy()) == rate


@pytest.mark.parametrize(
    "method",
    with_long([PT, ASAP], []),
    ids=["darts_pt", "asap"],
)
def test_continued_search_has_the_same_bits(method):
    """What a checkpoint holds after an epoch is all that the next ones need."""
    whole = _fitted(method, epochs=4)
    model = _fitted(method, epochs=2)
    held = [variable.numpy() for variable in model.state_variables]
    other = make_model(method, primitives=PRIMITIVES)
    for variable, value in zip(other.state_variables, held, strict=True):
        variable.assign(value)
    other.validation_half = model.validation_half
    steps = tf.data.Dataset.from_tensors((make_batch(0), make_batch(1)))
    other.fit(steps, epochs=4, initial_epoch=2, verbose=0)
    for first, second in zip(whole.state_variables, other.state_variables, strict=True):
        np.testing.assert_array_equal(first.numpy(), second.numpy())


@pytest.mark.parametrize("order", with_long(["first", "second"], ["first"]))
def test_gradient_where_some_have_left(order, monkeypatch):
    """Against a difference of the loss, with what is left in both."""
    made = make_model

    def with_some_left(*arguments, **network):
        model = made(*arguments, **network)
        for left in model.network.architecture.left.values():
            left.assign([[1, 1, 1], [1, 0, 1], [0, 0, 1], [0, 1, 1], [0, 0, 0]])
        return model

    monkeypatch.setattr("tests.method.method_checks.make_model", with_some_left)
    check_gradient(PT, order, "exact", primitives=PRIMITIVES)


@pytest.mark.long
def test_eigenvalue_where_some_have_left():
    """Against the whole Hessian; what is decided has decay alone."""
    model = make_model(PT, primitives=PRIMITIVES)
    for left in model.network.architecture.left.values():
        left.assign([[1, 1, 1], [1, 0, 1], [0, 0, 1], [0, 1, 1], [0, 0, 0]])
    w, alpha = model._values()
    objective = model.network_loss.on_batch(*make_batch(1))
    columns = []
    for place, value in enumerate(alpha):
        for unit in np.eye(value.shape.num_elements()):
            v = [tf.zeros_like(x) for x in alpha]
            v[place] = tf.reshape(tf.constant(unit), value.shape)
            product, _ = objective.alpha_product(w, alpha, v)
            columns.append(np.concatenate([np.ravel(x) for x in product]))
    hessian = np.array(columns)
    np.testing.assert_allclose(hessian, hessian.T, atol=1e-9)
    np.testing.assert_array_equal(hessian[6:9], 0)
    decay = model.architecture_optimizer.coupled_weight_decay
    found = model.eigenvalue(make_batch(1), tolerance=1e-9, most_products=30)
    expected = np.linalg.eigvalsh(hessian).max() + decay
    assert found.value == pytest.approx(expected, rel=1e-6)


def test_saved_method():
    for method in (ASAP, PT):
        saved = keras.saving.serialize_keras_object(method)
        assert keras.saving.deserialize_keras_object(saved) == method
