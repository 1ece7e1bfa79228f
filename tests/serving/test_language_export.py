"""The exported language model, in a process with nothing of it but TensorFlow."""

import pathlib
import re
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.data.text import vocabulary_file
from darts_tf.data.text.corpus import Vocabulary
from darts_tf.errors import UserError
from darts_tf.experiments.recurrent_evaluation.results import (
    CONFIG_FORMAT as LANGUAGE_TRAINING,
)
from darts_tf.keras_file import save_model
from darts_tf.recurrent import EvaluationCell, LanguageModel, cross_entropy
from darts_tf.run_layout import BEST_MODEL_FILE
from darts_tf.runs.run_folder import RunFolder
from darts_tf.serving import exporters
from darts_tf.serving.export_config import ExportConfig
from darts_tf.serving.language_export import export_language_run
from darts_tf.serving.model_kind import KIND_FILE, read_kind
from darts_tf.weights import saved_language_model
from darts_tf.zoo.language import LSTMCell, MixtureLanguageModel
from tests.language_texts import GENOTYPE

WORDS = ("the", "cat", "<eos>", "sat", "<unk>")
# Resolved, because Bazel runs a test through links into the source tree.
ROOT = pathlib.Path(exporters.__file__).resolve().parents[2]
OF_LANGUAGE = (ROOT / "docs/serving.md").read_text().split("## Language models")[1]
(SNIPPET,) = re.findall(r"```python\n(.*?)```", OF_LANGUAGE, re.DOTALL)
READER = """
import sys
sys.modules["keras"] = sys.modules["darts_tf"] = None  # importing them fails
import numpy as np, tensorflow as tf
folder, inputs, outputs = sys.argv[1:]
signatures = tf.saved_model.load(folder).signatures
given = np.load(inputs)
step, score, encode, decode = (
    signatures[name] for name in ("step", "score", "encode", "decode")
)
tokens = tf.constant(given["tokens"])
first = step(tokens=tokens[:, :3], state=tf.constant(given["state"]))
second = step(tokens=tokens[:, 3:], state=first["state"])
words = tf.constant(["<eos>", "the", "dog", "sat", "<eos>"])
sentence = encode(words=words)["tokens"]
np.savez(
    outputs,
    log_probabilities=tf.concat([x["log_probabilities"] for x in (first, second)], 1),
    state=second["state"],
    perplexity=score(tokens=tokens)["perplexity"],
    sentence=sentence,
    words=decode(tokens=sentence)["words"].numpy().astype(str),
    sentence_perplexity=score(tokens=sentence[None])["perplexity"],
    default=signatures["serving_default"](
        tokens=tokens, state=tf.constant(given["state"])
    )["state"],
)
"""


def of_a_cell():
    return LanguageModel(len(WORDS), EvaluationCell(4, GENOTYPE), {"words": 0.5})


def of_layers():
    """Two layers, whose outputs and memories have sizes of their own."""
    cells = [LSTMCell(units, num_biases=2) for units in (3, 5)]
    return MixtureLanguageModel(len(WORDS), cells, embedding_units=4, num_experts=2)


def write_run(folder, model):
    keras.utils.set_random_seed(1)
    model.build()
    for variable in model.trainable_variables:
        variable.assign(variable * 30)
    save_model(model, folder / BEST_MODEL_FILE)
    vocabulary_file.keep_vocabulary(folder, Vocabulary(WORDS))
    return folder


@pytest.fixture
def run_folder(tmp_path):
    return write_run(tmp_path / "run", of_a_cell())


@pytest.mark.parametrize(("make", "units"), [(of_a_cell, 4), (of_layers, 16)])
def test_saved_model_needs_neither_the_project_nor_keras(make, units, tmp_path):
    run_folder = write_run(tmp_path / "run", make())
    random = np.random.default_rng(2)
    tokens = random.integers(0, len(WORDS), (3, 7), "int32")
    state = random.normal(size=(3, units)).astype("float32")
    np.savez(tmp_path / "in.npz", tokens=tokens, state=state)
    config = {"num_weights": 1, "data": {}, "versions": {}, "command": ""}
    RunFolder(run_folder, LANGUAGE_TRAINING).write_config({}, **config)
    served = tmp_path / "served" / "1"
    assert str(served) in exporters.export_run(export(run_folder, tmp_path))
    kind = {"model": "language model", "words": len(WORDS), "units": units}
    assert read_kind(served) == kind
    (served / KIND_FILE).unlink()  # as before there was one
    assert read_kind(served) == kind
    arguments = [served, tmp_path / "in.npz", tmp_path / "out.npz"]
    # -P and another folder: the project cannot be found there.
    result = subprocess.run(
        [sys.executable, "-P", "-c", READER + SNIPPET, *map(str, arguments)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    got = np.load(tmp_path / "out.npz")
    model = saved_language_model.load_language_model(run_folder)
    output = model({"tokens": tokens, "state": model.split_state(state)})
    close = {"rtol": 1e-5, "atol": 1e-6}
    expected = tf.nn.log_softmax(output.logits)
    np.testing.assert_allclose(got["log_probabilities"], expected, **close)
    for name in ("state", "default"):
        np.testing.assert_allclose(got[name], model.join_state(output.state), **close)
    sentence = np.array([[2, 0, 4, 3, 2]])
    for name, text in (("perplexity", tokens), ("sentence_perplexity", sentence)):
        expected = [
            np.exp(cross_entropy(row[None, 1:], model(row[None, :-1]))) for row in text
        ]
        np.testing.assert_allclose(got[name], expected, **close)
    assert got["sentence"].tolist() == sentence[0].tolist()
    assert got["words"].tolist() == ["<eos>", "the", "<unk>", "sat", "<eos>"]
    vocabulary = served / "assets" / "vocabulary.txt"
    assert vocabulary.read_text().split() == list(WORDS)


def export(run_folder, tmp_path, **options):
    return ExportConfig(str(run_folder), str(tmp_path / "served"), **options)


def test_other_formats(run_folder, tmp_path):
    with pytest.raises(UserError, match="exported as saved_model"):
        export_language_run(export(run_folder, tmp_path, format="onnx"))
    with pytest.raises(UserError, match="`verify_latency` is for networks for images"):
        export_language_run(export(run_folder, tmp_path, verify_latency=True))


def test_damaged_runs(run_folder, tmp_path):
    (run_folder / "vocabulary.txt").write_text("\n".join(WORDS[:3]) + "\n")
    with pytest.raises(UserError, match=r"knows 5 words, its vocabulary\.txt has 3"):
        export_language_run(export(run_folder, tmp_path))
    (run_folder / "vocabulary.txt").unlink()
    with pytest.raises(UserError, match="cannot be read as a vocabulary"):
        export_language_run(export(run_folder, tmp_path))
    (run_folder / "model_best.keras").write_text("PK")
    with pytest.raises(UserError, match="cannot be read as a model"):
        export_language_run(export(run_folder, tmp_path))
    assert not (tmp_path / "served").exists()
