import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.edges import AuxiliarySkip, NestedEdges, PartialChannels
from darts_tf.method.eigenvalue import Eigenvalue, lanczos
from darts_tf.method.methods import DARTS
from darts_tf.recurrent import LanguageModel, SearchCell
from darts_tf.recurrent.search_model import RecurrentSearchModel
from tests.method.method_checks import make_batch, make_model
from tests.method.test_toy_edge import METHOD as HALF_EDGES
from tests.method.test_toy_relaxation import METHOD as TOY_RELAXATION
from tests.method.test_toy_term import METHOD as WITH_TERM

pytestmark = pytest.mark.usefixtures("shared_edges")

_STEP = 1e-6
PARTIAL = dataclasses.replace(
    DARTS, edge=NestedEdges((AuxiliarySkip(), PartialChannels(2)))
)


def make_matrix(eigenvalues, seed=0):
    size = len(eigenvalues)
    random = np.random.default_rng(seed)
    basis, _ = np.linalg.qr(random.normal(size=(size, size)))
    return basis @ np.diag(eigenvalues) @ basis.T


def test_the_algebraically_largest_eigenvalue():
    matrix = make_matrix([-9.0, *np.linspace(-2, 2, 60), 3.0])
    found = lanczos(matrix.dot, 62, tolerance=1e-12, most_products=62)
    assert found.value == pytest.approx(3, rel=1e-10)
    assert found.products < 62


def test_the_residual_bounds_the_distance():
    matrix = make_matrix(np.linspace(-1, 1, 40) ** 3)
    for products in (3, 6, 12):
        found = lanczos(matrix.dot, 40, tolerance=0.0, most_products=products)
        distances = np.abs(np.linalg.eigvalsh(matrix) - found.value)
        assert found.products == products
        assert distances.min() <= found.residual


def test_it_ends_at_the_tolerance():
    matrix = make_matrix([*np.linspace(0, 1, 50), 5.0])
    found = lanczos(matrix.dot, 51)
    assert found.products < 20 and found.residual <= 5e-3
    assert found.value == pytest.approx(5, rel=1e-5)
    exact = lanczos(matrix.dot, 51, tolerance=1e-9)
    assert exact.products > found.products


@pytest.mark.parametrize("size", [1, 7])
def test_a_multiple_of_the_identity_takes_one_product(size):
    found = lanczos(lambda v: -2 * v, size)
    assert found.products == 1
    assert found.value == pytest.approx(-2)


def test_what_is_not_finite_is_nan():
    found = lanczos(lambda v: v * np.inf, 4)
    assert np.isnan(found.value) and np.isnan(found.residual)
    assert isinstance(found, Eigenvalue) and found.products == 1


def products(model, batch, directions):
    """The Hessian of the validation loss times each of these vectors."""
    dtype = model.network.alphas[0].dtype
    return np.stack(
        [model._traced_product(batch, tf.constant(v, dtype)) for v in directions]
    )


def differences(model, batch, directions):
    """The same, by central differences of gradients."""
    alphas = model.network.alphas
    values = [alpha.numpy() for alpha in alphas]
    ends = np.cumsum([v.size for v in values])[:-1]
    objective = model.network_loss.on_batch(*model._validation_batch(batch))
    found = []
    for direction in directions:
        sides = []
        for step in (_STEP, -_STEP):
            for alpha, value, d in zip(alphas, values, np.split(direction, ends)):
                alpha.assign(value + step * d.reshape(value.shape))
            gradients = objective.alpha_gradients(*model._values()).alpha
            sides.append(np.concatenate([np.ravel(g) for g in gradients]))
        found.append((sides[0] - sides[1]) / (2 * _STEP))
    for alpha, value in zip(alphas, values):
        alpha.assign(value)
    return np.stack(found)


def make_directions(model, count=2):
    size = sum(alpha.numpy().size for alpha in model.network.alphas)
    return np.random.default_rng(8).normal(size=(count, size))


NETWORKS = {
    "no duals in a primitive": (
        DARTS,
        {"primitives": ("max_pool_3x3", "skip_connect", "conv_7x1_1x7")},
    ),
    "recomputed": (DARTS, {"recompute": True}),
    "a relaxation that draws": (TOY_RELAXATION, {}),
    "edges with parameters": (HALF_EDGES, {}),
    "partial channels": (PARTIAL, {}),
    "noise": (DARTS, {"primitives": ("noise", "sep_conv_3x3")}),
}


@pytest.mark.parametrize(
    ("method", "network"),
    [
        pytest.param(*x, id=name, marks=[pytest.mark.long] * (name == "recomputed"))
        for name, x in NETWORKS.items()
    ],
)
def test_products_are_differences_of_gradients(method, network):
    model, batch = make_model(method, **network), make_batch(1)
    directions = make_directions(model)
    expected = differences(model, batch, directions)
    found = products(model, batch, directions)
    np.testing.assert_allclose(found, expected, atol=1e-6 * np.abs(expected).max())
    first, second = directions
    assert first @ found[1] == pytest.approx(second @ found[0], rel=1e-9)


@pytest.fixture(scope="module")
def search():
    """A search, its validation batch and the Hessian in alpha."""
    model, batch = make_model(DARTS), make_batch(1)
    return model, batch, products(model, batch, np.eye(make_directions(model).shape[1]))


def test_nested_tapes_and_duals_agree(search):
    model, batch, hessian = search
    directions = make_directions(model, 1)
    other = make_model(DARTS)
    other.network.takes_duals = False
    by_tapes = products(other, batch, directions)
    np.testing.assert_allclose(directions @ hessian, by_tapes, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize(
    "recompute", [False, pytest.param(True, marks=pytest.mark.long)]
)
def test_single_precision(search, recompute):
    double, _, hessian = search
    single = make_model(DARTS, dtype="float32", recompute=recompute)
    for a, b in zip(double.network.variables, single.network.variables, strict=True):
        b.assign(a)
    directions = make_directions(double, 1)
    expected = directions @ hessian
    found = products(single, make_batch(1, "float32"), directions)
    np.testing.assert_allclose(found, expected, atol=1e-4 * np.abs(expected).max())


def test_it_is_that_of_the_whole_matrix_and_changes_nothing(search):
    model, batch, hessian = search
    before = [v.numpy() for v in model.state_variables]
    size = len(hessian)
    expected = np.linalg.eigvalsh(hessian + 1e-3 * np.eye(size))[-1]
    found = model.eigenvalue(batch, tolerance=1e-9, most_products=size)
    assert found.value == pytest.approx(expected, rel=1e-6)
    usual = model.eigenvalue(batch)
    assert usual.products <= 20
    assert abs(usual.value - expected) <= 1e-3 * expected
    for old, variable in zip(before, model.state_variables, strict=True):
        np.testing.assert_array_equal(old, variable)


def make_recurrent_model(recompute=False, **cell):
    keras.utils.set_random_seed(4)
    cell = SearchCell(5, 3, ("none", "tanh", "identity", "sigmoid"), **cell)
    network = LanguageModel(
        9, cell, {"hidden": 0.2, "embedded": 0.1}, recompute=recompute
    )
    network.build()
    cell.alphas[0].assign(300 * cell.alphas[0])
    model = RecurrentSearchModel(network, 4, order="first", seed=1)
    model.compile()
    return model


def make_words():
    tokens = np.random.default_rng(2).integers(0, 9, (4, 7), np.int32)
    return {
        "tokens": tf.constant(tokens[:, :-1]),
        "targets": tf.constant(tokens[:, 1:]),
        "length": tf.constant(5),
        "starts": tf.constant(True),
        "rate_factor": tf.constant(1.0),
    }


OTHER_FORM = {"recompute": True, "jit_compile": True}


@pytest.mark.parametrize(
    "form", [{}, pytest.param(OTHER_FORM, marks=pytest.mark.long)], ids=str
)
def test_products_of_a_recurrent_search(form, float64):
    model, words = make_recurrent_model(**form), make_words()
    directions = make_directions(model)
    expected = differences(model, words, directions)
    found = products(model, words, directions)
    np.testing.assert_allclose(found, expected, atol=1e-6 * np.abs(expected).max())
    assert model.eigenvalue(words).products <= 12


def test_the_decay_is_on_the_diagonal_and_terms_are_no_part_of_it(search):
    model, batch = make_model(WITH_TERM), make_batch(1)
    model.begin_epoch(3)
    expected = np.linalg.eigvalsh(search[-1])[-1]
    for decay in (0.0, 0.25):
        model.architecture_optimizer.coupled_weight_decay = decay
        found = model.eigenvalue(batch, tolerance=1e-9, most_products=40)
        assert found.value == pytest.approx(expected + decay, rel=1e-6)
