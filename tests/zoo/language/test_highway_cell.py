"""The cell of the recurrent highway network."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.optimization.averaged_sgd import AveragedSGD
from darts_tf.recurrent import LanguageModel, cross_entropy
from darts_tf.recurrent.evaluation_model import LanguageTrainingModel
from darts_tf.zoo.language import HighwayCell
from tests.zoo.language.plain_cells import highway_step, spread

UNITS, BATCH, WORDS = 3, 2, 5
RATES = dict.fromkeys(("words", "embedded", "inputs", "hidden", "outputs"), 0.4)


def make_model(**options):
    cell = HighwayCell(UNITS, depth=3, dtype="float64")
    model = LanguageModel(WORDS, cell, RATES, dtype="float64", **options)
    model.build()
    return spread(model)


def test_two_steps_with_masks_equal_the_plain_form():
    model = make_model()
    tokens = tf.constant([[1, 2], [0, 4]])
    masks = model.draw_masks(BATCH, tf.constant([3, 4]))
    s = np.random.default_rng(5).normal(size=(BATCH, UNITS))
    output = model({"tokens": tokens, "state": s, "masks": masks}, training=True)
    masks = {name: np.array(mask) for name, mask in masks.items()}
    words = model.embedding.numpy() * masks["words"]
    for time in range(2):
        x = words[tokens[:, time].numpy()] * masks["embedded"][:, 0]
        s = highway_step(model.cell, x, s, masks["inputs"], masks["hidden"])
        np.testing.assert_allclose(output.hidden[:, time], s, rtol=1e-12)
    np.testing.assert_allclose(output.state, s, rtol=1e-12)


def test_a_step_of_training_is_along_finite_differences():
    model = make_model()
    training = LanguageTrainingModel(model, BATCH, None, 0.0, seed=5)
    training.compile(AveragedSGD(rate := 0.1, 0.0))
    tokens = np.random.default_rng(6).integers(0, WORDS, (BATCH, 5))
    batch = {
        "tokens": tf.constant(tokens[:, :-1]),
        "targets": tf.constant(tokens[:, 1:]),
        "length": tf.constant(3),
        "starts": tf.constant(True),
        "rate_factor": tf.constant(1.0, tf.float64),
    }
    seeds = tf.constant([5, 0], tf.int64)
    inputs = training._replica_inputs(batch, training.state, seeds)
    loss = tf.function(
        lambda: cross_entropy(None, model(inputs, training=True), 3), autograph=False
    )
    variables, random, step = model.trainable_variables, np.random.default_rng(7), 1e-5
    assert len(variables) == 2 + 3 + 3  # decoder and words; kernels; biases
    directions, slopes = [], []
    for variable in variables:
        before, direction = variable.numpy(), random.normal(size=variable.shape)
        losses = []
        for sign in (1, -1):
            variable.assign(before + sign * step * direction)
            losses.append(float(loss()))
        variable.assign(before)
        directions.append(direction)
        slopes.append((losses[0] - losses[1]) / (2 * step))
    before = [variable.numpy() for variable in variables]
    training.train_step(batch)
    for variable, value, direction, slope in zip(variables, before, directions, slopes):
        moved = np.sum((variable.numpy() - value) * direction)
        np.testing.assert_allclose(moved, -rate * slope, rtol=1e-5, atol=1e-10)
        assert moved != 0


def test_the_state_is_carried_by_a_negative_bias():
    cell = HighwayCell(UNITS, depth=4, transform_bias=-40.0)
    state = tf.random.stateless_uniform([BATCH, UNITS], [1, 2])
    output, _ = cell(tf.ones([BATCH, UNITS]), [state])
    np.testing.assert_allclose(output, state, rtol=1e-6)
    assert [bias.numpy().tolist() for bias in cell.biases] == [
        [-40.0] * UNITS + [0.0] * UNITS
    ] * 4


def test_save_and_load_agree(tmp_path):
    model = make_model()
    tokens = tf.constant([[1, 2, 3], [0, 4, 1]])
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(tokens).logits, model(tokens).logits)
    assert loaded.cell.get_config() == model.cell.get_config()


@pytest.mark.parametrize("depth", [1, 34])
def test_invalid_depth(depth):
    with pytest.raises(ValueError, match="`depth`"):
        HighwayCell(UNITS, depth=depth)
