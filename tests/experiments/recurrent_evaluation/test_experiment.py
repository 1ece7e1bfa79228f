"""Training of language models: one step, a text's loss, recovery from NaN."""

import csv
import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.data.text import vocabulary_file
from darts_tf.data.text.corpus import Vocabulary
from darts_tf.data.text.text_batches import SequenceLengths, training_batches
from darts_tf.errors import UserError
from darts_tf.experiments.recurrent_evaluation import experiment
from darts_tf.experiments.recurrent_evaluation.config import LanguageConfig
from darts_tf.experiments.recurrent_evaluation.results import read_results
from darts_tf.optimization.averaged_sgd import AveragedSGD
from darts_tf.recurrent import (
    DropoutRates,
    EvaluationCell,
    LanguageModel,
    cross_entropy,
    slowness,
)
from darts_tf.recurrent.evaluation_model import LanguageTrainingModel
from darts_tf.recurrent.text_evaluation import TextEvaluation, perplexity
from tests.language_texts import GENOTYPE, write_texts

VOCABULARY, UNITS, BATCH = 9, 4, 3
RATE, DECAY, CLIP, SLOWNESS = 2.0, 0.1, 0.05, 0.5


def make_network():
    keras.utils.set_random_seed(1)
    network = LanguageModel(
        VOCABULARY, EvaluationCell(UNITS, GENOTYPE), DropoutRates(0.2, 0.2, 0.2, 0.2)
    )
    network.build()
    for variable in network.trainable_variables:
        variable.assign(np.random.default_rng(2).normal(size=variable.shape) / 2)
    return network


def make_tokens(words=60):
    return np.random.default_rng(3).integers(0, VOCABULARY, words, "int32")


def make_training():
    model = LanguageTrainingModel(make_network(), BATCH, CLIP, SLOWNESS, seed=5)
    model.compile(AveragedSGD(RATE, DECAY))
    return model


def make_batch(start, length, padding):
    random = np.random.default_rng(4)
    words = random.integers(0, VOCABULARY, (BATCH, length + padding + 1), "int32")
    return {
        "tokens": tf.constant(words[:, :-1]),
        "targets": tf.constant(words[:, 1:]),
        "length": tf.constant(length),
        "starts": tf.constant(start),
        "rate_factor": tf.constant(length / 5, tf.float64),
    }


def test_steps_are_clipped_decayed_and_scaled(float64):
    """Two steps, the second from the state of the first, against the plain formula."""
    model, network = make_training(), make_network()
    state = np.full((BATCH, UNITS), 7.0)
    model.state.assign(state)
    for step, batch in enumerate((make_batch(True, 4, 2), make_batch(False, 3, 0))):
        length = int(batch["length"])
        state = np.zeros_like(state) if batch["starts"] else state
        seed = tf.random.experimental.stateless_fold_in(
            tf.constant([5, 0], tf.int64), tf.constant(step, tf.int64)
        )
        targets = batch["targets"][:, :length]
        with tf.GradientTape() as tape:
            output = network(
                {
                    "tokens": batch["tokens"][:, :length],
                    "state": state,
                    "masks": network.draw_masks(BATCH, seed),
                },
                training=True,
            )
            loss = cross_entropy(targets, output) + SLOWNESS * slowness(output)
        state = output.state
        weights = network.trainable_variables
        gradients = tape.gradient(loss, [weight.value for weight in weights])
        gradients = [tf.convert_to_tensor(gradient) for gradient in gradients]
        norm = np.sqrt(sum((g.numpy() ** 2).sum() for g in gradients))
        assert norm > CLIP
        for weight, gradient in zip(weights, gradients):
            direction = CLIP / (norm + 1e-6) * gradient + DECAY * weight
            weight.assign(weight - RATE * length / 5 * direction)
        model.train_step(batch)
        np.testing.assert_allclose(model.state, state, rtol=1e-9, atol=1e-12)
        for got, wanted in zip(model.network.trainable_variables, weights):
            np.testing.assert_allclose(got, wanted, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("batch_size", [1, 4])
@pytest.mark.parametrize("length", [7, 100])
def test_loss_of_a_text_carries_the_state(float64, batch_size, length):
    network, tokens = make_network(), make_tokens()
    streams = tokens.reshape(batch_size, -1)
    expected = cross_entropy(streams[:, 1:], network(streams[:, :-1]))
    evaluation = TextEvaluation(network, length)
    for _ in range(2):
        loss = evaluation.mean_loss(tokens, batch_size)
        np.testing.assert_allclose(loss, expected, rtol=1e-12)
    assert perplexity(np.log(3)) == pytest.approx(3)
    assert perplexity(1e4) == np.inf


def test_a_step_is_traced_once_a_bucket():
    model, traces = make_training(), []
    untraced = model.train_step

    def train_step(batch):
        traces.append(batch["tokens"].shape[1])
        return untraced(batch)

    model.train_step = train_step
    streams = make_tokens(600).reshape(BATCH, -1)
    lengths = SequenceLengths(6, 2)
    for epoch in range(3):
        batches = training_batches(streams, lengths, 0, epoch)
        model.fit(batches, shuffle=False, verbose=0)
    assert len(traces) == len(set(traces)) <= len(lengths.buckets)


def make_config(folder, **settings):
    return LanguageConfig(
        **{
            "genotype": str(folder / "cell.json"),
            "data_dir": str(write_texts(folder / "text", (20, 6, 4))),
            "hidden_size": UNITS,
            "batch_size": BATCH,
            "valid_batch_size": 2,
            "sequence_length": 6,
            "epochs": 3,
            "steps_per_epoch": 4,
            **settings,
        }
    )


@pytest.fixture
def spoilt_steps(monkeypatch):
    """Steps, counted from 1 over all attempts, after which the weights are NaN."""
    steps, count = set(), [0]
    untraced = LanguageTrainingModel.train_step

    def train_step(model, batch):
        logs = untraced(model, batch)
        count[0] += 1
        if count[0] in steps:
            model.network.decoder_bias.assign(model.network.decoder_bias * np.nan)
        return logs

    monkeypatch.setattr(LanguageTrainingModel, "train_step", train_step)
    monkeypatch.setattr(
        LanguageTrainingModel,
        "make_train_function",
        lambda model, force=False: setattr(
            model, "train_function", lambda it: model.train_step(next(it))
        ),
    )
    monkeypatch.setattr(experiment.RecurrentEvaluation, "write_page", lambda *_: None)
    return steps


def test_nan_goes_back_to_the_best_weights(spoilt_steps, tmp_path, capsys):
    GENOTYPE.save(tmp_path / "cell.json")
    # In the middle of epoch 2, at its last step, where the validation finds it.
    spoilt_steps |= {6, 11}
    folder = experiment.RecurrentEvaluation(make_config(tmp_path)).run(tmp_path / "run")
    with open(folder / "metrics.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["epoch"], row["recoveries"]) for row in rows] == [
        ("1", "0"),
        ("2", "2"),
        ("3", "2"),
    ]
    assert all(np.isfinite(float(row["val_loss"])) for row in rows)
    assert capsys.readouterr().out.count("the weights after epoch 1, the best") == 2
    assert np.isfinite(read_results(folder)["test_perplexity"])


def test_some_steps_are_profiled(spoilt_steps, tmp_path):
    GENOTYPE.save(tmp_path / "cell.json")
    config = make_config(tmp_path, epochs=1, profile=True)
    folder = experiment.RecurrentEvaluation(config).run(tmp_path / "run")
    (profile,) = (folder / "tensorboard").rglob("*.xplane.pb")
    assert b"MatMul" in profile.read_bytes()
    # A profile changes nothing, so that the run may go on without.
    unchanged = dataclasses.replace(config, profile=False)
    assert experiment.RecurrentEvaluation(unchanged).run(folder) == folder


def test_nan_again_and_again_ends_the_run(spoilt_steps, tmp_path):
    GENOTYPE.save(tmp_path / "cell.json")
    spoilt_steps |= set(range(5, 99))
    with pytest.raises(UserError, match="smaller `learning_rate`"):
        experiment.RecurrentEvaluation(make_config(tmp_path)).run(tmp_path / "run")


def test_another_genotype_under_the_same_name(spoilt_steps, tmp_path):
    GENOTYPE.save(tmp_path / "cell.json")
    config = make_config(tmp_path, epochs=1)
    experiment.RecurrentEvaluation(config).run(tmp_path / "run")
    GENOTYPE.published("ENAS").save(tmp_path / "cell.json")
    with pytest.raises(UserError, match="another genotype"):
        experiment.RecurrentEvaluation(config).run(tmp_path / "run")


def test_another_text_is_refused_also_after_the_end(spoilt_steps, tmp_path):
    GENOTYPE.save(tmp_path / "cell.json")
    config = make_config(tmp_path, epochs=1)
    folder = experiment.RecurrentEvaluation(config).run(tmp_path / "run")
    before = {path: path.read_bytes() for path in folder.glob("*.*")}
    text = next(tmp_path.rglob("train.txt"))
    first, *others = text.read_text().splitlines()
    reversed_line = " ".join(reversed(first.split()))
    text.write_text("\n".join([reversed_line, *others]) + "\n")
    with pytest.raises(UserError, match=r"What the run in .* began with has changed"):
        experiment.RecurrentEvaluation(config).run(folder)
    assert before == {path: path.read_bytes() for path in folder.glob("*.*")}


def test_the_vocabulary_of_a_run_stays(tmp_path):
    vocabulary_file.keep_vocabulary(tmp_path, Vocabulary(("a", "b", "<unk>")))
    vocabulary_file.keep_vocabulary(tmp_path, Vocabulary(("a", "b", "<unk>")))
    with pytest.raises(UserError, match="is not the vocabulary of the text"):
        vocabulary_file.keep_vocabulary(tmp_path, Vocabulary(("b", "a", "<unk>")))
    assert vocabulary_file.read_vocabulary(tmp_path).words == ("a", "b", "<unk>")


@pytest.mark.parametrize("text", ["a\n\nb\n", "", "a\na\n"])
def test_a_damaged_vocabulary(tmp_path, text):
    (tmp_path / "vocabulary.txt").write_text(text)
    with pytest.raises(UserError, match=r"vocabulary\.txt cannot be read"):
        vocabulary_file.read_vocabulary(tmp_path)
