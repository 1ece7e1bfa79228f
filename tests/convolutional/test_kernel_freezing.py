"""Kernels that stand still where both gradients disagree (OLES)."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.kernel_freezing import KernelFreezing
from darts_tf.distribution.replicas import Replicas
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.method.freezing import Freezing
from darts_tf.method.history import FROZEN
from darts_tf.method.methods import DARTS
from darts_tf.tasks.configuration import configured
from tests.method.method_checks import (
    check_gradient,
    make_batch,
    make_model,
    step_batches,
)
from tests.restored_model import restored

pytestmark = pytest.mark.usefixtures("shared_edges")

OLES = dataclasses.replace(DARTS, name="oles", freezing=Freezing())
# With what is separable, dilated, and a reduction of channels at stride 2.
PRIMITIVES = ("none", "skip_connect", "sep_conv_3x3", "dil_conv_5x5", "conv_7x1_1x7")


@pytest.fixture(scope="module")
def made():
    return make_model(OLES, primitives=PRIMITIVES)


@pytest.fixture
def model(made):
    """As it was made; a test may move it."""
    with restored(made):
        yield made


def _random_gradients(model, seed):
    random = np.random.default_rng(seed)
    return [tf.constant(random.normal(size=w.shape)) for w in model.network.weights_w]


def _mixed_ops(network):
    return [mixed_op for cell in network.cells for mixed_op in cell.mixed_ops]


def _outputs_first(kernel):
    """A kernel as PyTorch has it."""
    if kernel.ndim == 2:
        return kernel.T
    if kernel.shape[-1] == 1:
        return kernel.transpose(2, 3, 0, 1)
    return kernel.transpose(3, 2, 0, 1)


def _cosine(first, second):
    """Mean of the cosines along the first axis."""
    first, second = _outputs_first(first), _outputs_first(second)
    norms = np.linalg.norm(first, axis=0) * np.linalg.norm(second, axis=0)
    return np.mean((first * second).sum(axis=0) / norms)


def test_cosines(model):
    """Against kernel after kernel, each in the layout of the authors."""
    first, second = (_random_gradients(model, seed) for seed in (1, 2))
    places = {id(w): place for place, w in enumerate(model.network.weights_w)}
    expected = []
    for mixed_op in _mixed_ops(model.network):
        place = places[id(mixed_op.kernels)]
        edges = zip(
            *(mixed_op.named_kernels(g[place].numpy()) for g in (first, second))
        )
        for one, other in edges:
            for name in dict.fromkeys(primitive for primitive, _ in one):
                keys = [key for key in one if key[0] == name]
                expected.append(np.mean([_cosine(one[k], other[k]) for k in keys]))
    found = model._freezing.cosines(first, second)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)
    assert len(expected) > 30 and np.ptp(expected) > 0.1
    same = model._freezing.cosines(first, [3 * g for g in first])
    np.testing.assert_allclose(same, 1, rtol=1e-6)
    zeros = [tf.zeros_like(g) for g in first]
    np.testing.assert_array_equal(model._freezing.cosines(first, zeros), 0)


def test_what_freezes_and_when(model, monkeypatch):
    """After 21 steps, by their sum over 20; then the sums begin anew."""
    freezing = model._freezing
    cosines = np.linspace(0.3, 0.5, freezing.frozen.shape[0], dtype="float32")
    monkeypatch.setattr(freezing, "cosines", lambda *_: tf.constant(cosines))
    for _ in range(20):
        freezing.update([], [], Replicas())
    assert not freezing.frozen.numpy().any() and freezing.count.numpy() == 20
    freezing.update([], [], Replicas())
    expected = 21 * cosines / 20 < 0.4
    assert 0 < expected.sum() < (cosines < 0.4).sum()
    np.testing.assert_array_equal(freezing.frozen, expected)
    assert not freezing.sums.numpy().any() and freezing.count.numpy() == 0
    # What stands still does so for good.
    cosines += 1
    for _ in range(21):
        freezing.update([], [], Replicas())
    np.testing.assert_array_equal(freezing.frozen, expected)
    assert model.method_metrics() == {FROZEN: expected.sum()}


def test_measures(model):
    """Of the training gradient with the other one, or with their sum."""
    train, valid = (_random_gradients(model, seed) for seed in (1, 2))
    both = [t + v for t, v in zip(train, valid)]
    for measure, other in (("valid", valid), ("sum", both)):
        freezing = KernelFreezing(model.network, Freezing(measure=measure))
        freezing.update(train, valid, Replicas())
        expected = freezing.cosines(train, other)
        np.testing.assert_array_equal(freezing.sums, expected)
    # Of independent gradients of the same size they are about 0 and 1 / sqrt(2).
    assert np.mean(expected) == pytest.approx(2**-0.5, abs=0.1)


def _freeze_some(model):
    """Freezes every third operation; returns where the packed kernels stand still."""
    frozen = np.zeros(model._freezing.frozen.shape)
    frozen[::3] = 1
    model._freezing.frozen.assign(frozen)
    ones = [tf.ones(w.shape, w.dtype) for w in model.network.weights_w]
    return [free.numpy() == 0 for free in model._freezing.free(ones)]


def test_what_stands_still_does_not_move(model):
    batches = (make_batch(0), make_batch(1))
    model.train_step(batches)
    masks = _freeze_some(model)
    pairs = list(zip(model.network.weights_w, model.optimizer.buffers, strict=True))
    before = [[variable.numpy() for variable in pair] for pair in pairs]
    model.train_step(batches)
    counts = [0, 0]
    for mask, pair, values in zip(masks, pairs, before, strict=True):
        for variable, value in zip(pair, values, strict=True):
            stays = variable.numpy() == value
            assert stays[mask].all()
            assert not stays[~mask].any()
        counts = [counts[0] + mask.sum(), counts[1] + (~mask).sum()]
    assert min(counts) > 1000


def test_frozen_kernels_are_whole(model):
    """A mask covers the kernels of an operation, and those of no other."""
    freezing = model._freezing
    places = {id(w): place for place, w in enumerate(model.network.weights_w)}
    number = 0
    for mixed_op in _mixed_ops(model.network):
        place = places[id(mixed_op.kernels)]
        for edge in range(mixed_op.num_targets):
            names = dict.fromkeys(p for p, _ in mixed_op.named_kernels()[edge])
            for name in names:
                frozen = np.zeros(freezing.frozen.shape)
                frozen[number] = 1
                number += 1
                if number % 4:
                    continue
                freezing.frozen.assign(frozen)
                ones = [tf.ones(w.shape) for w in model.network.weights_w]
                free = freezing.free(ones)
                edges = mixed_op.named_kernels(free[place].numpy())
                for other, kernels in enumerate(edges):
                    for (primitive, _), kernel in kernels.items():
                        is_frozen = other == edge and primitive == name
                        assert (kernel == (0 if is_frozen else 1)).all()
                rest = [x.numpy().all() for i, x in enumerate(free) if i != place]
                assert all(rest)
    assert number == freezing.frozen.shape[0]


def test_sums_are_of_both_gradients(model):
    """Those of the training and of the validation loss, at the same weights."""
    train, valid = step_batches(model)
    w, alpha = model._values()
    gradients = [
        model.network_loss.on_batch(*batch).gradients(w, alpha).w
        for batch in (train, valid)
    ]
    model.architecture_optimizer.learning_rate.assign(0.0)
    model.train_step((make_batch(0), make_batch(1)))
    expected = model._freezing.cosines(*gradients)
    np.testing.assert_allclose(model._freezing.sums, expected, rtol=1e-5, atol=1e-7)
    assert model._freezing.count.numpy() == 1


def test_without_frozen_kernels_it_is_darts():
    never = dataclasses.replace(OLES, freezing=Freezing(-1.0, 1))
    models = [make_model(method) for method in (DARTS, never)]
    for model in models:
        for _ in range(3):
            model.train_step((make_batch(0), make_batch(1)))
    assert models[0]._freezing is None
    assert len(models[1].state_variables) == len(models[0].state_variables) + 3
    for first, second in zip(*(model.state_variables for model in models)):
        np.testing.assert_allclose(first.numpy(), second.numpy(), rtol=1e-9, atol=1e-12)


@pytest.mark.long
def test_continued_search_has_the_same_bits():
    method = dataclasses.replace(OLES, freezing=Freezing(0.4, 1))
    steps = tf.data.Dataset.from_tensors((make_batch(0), make_batch(1)))

    def fitted(model, first, epochs):
        model.fit(steps, initial_epoch=first, epochs=epochs, verbose=0)
        return model

    whole = fitted(make_model(method), 0, 5)
    held = [v.numpy() for v in fitted(make_model(method), 0, 3).state_variables]
    other = make_model(method)
    for variable, value in zip(other.state_variables, held, strict=True):
        variable.assign(value)
    fitted(other, 3, 5)
    assert whole._freezing.frozen.numpy().any()
    for first, second in zip(whole.state_variables, other.state_variables, strict=True):
        np.testing.assert_array_equal(first.numpy(), second.numpy())


@pytest.mark.long
@pytest.mark.parametrize("hessian", ["exact", "finite_difference"])
def test_second_order_where_some_stand_still(hessian, monkeypatch):
    """The unrolled step does not move them, and the gradient is that of that step."""
    made = make_model

    def with_some_frozen(*arguments, **network):
        model = made(*arguments, **network)
        _freeze_some(model)
        return model

    monkeypatch.setattr("tests.method.method_checks.make_model", with_some_frozen)
    check_gradient(OLES, "second", hessian)


def test_what_is_refused():
    with pytest.raises(ValueError, match="threshold"):
        Freezing(1.5)
    with pytest.raises(ValueError, match="steps"):
        Freezing(steps=0)
    with pytest.raises(ValueError, match="measure"):
        Freezing(measure="train")
    with pytest.raises(ValueError, match="freezing"):
        dataclasses.replace(OLES, levels=1)


def test_saved_method():
    saved = keras.saving.serialize_keras_object(OLES)
    assert keras.saving.deserialize_keras_object(saved) == OLES


def test_partial_channels_and_skips_are_found():
    """What stands around the mixed operations hides none of them."""
    config = configured(
        SearchConfig(), method="oles", partial_channels=2, auxiliary_skip=1.0
    )
    model = make_model(config.search_method(), primitives=PRIMITIVES)
    plain = KernelFreezing(make_model(OLES, primitives=PRIMITIVES).network, Freezing())
    assert model._freezing.frozen.shape == plain.frozen.shape
