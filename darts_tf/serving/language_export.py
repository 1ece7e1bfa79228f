"""A trained language model as a SavedModel that needs neither this project nor Keras.

Its signatures; `serving_default` is the first:

- `step`: `tokens`, int32 of shape `(batch, time)`, and `state`, float32 of shape
  `(batch, units)`, zeros before a text, to `log_probabilities` of the next words,
  `(batch, time, vocabulary)`, and the `state` after the last word; it holds the states
  of all layers side by side;
- `score`: `tokens`, of shape `(batch, time)`, to the `perplexity` of each row,
  `(batch,)`. The first word is only read: `<eos>`, before a sentence;
- `encode`: `words`, strings of any shape, to `tokens`; `<unk>` stands for words that
  are not known, -1 where the vocabulary lacks that too;
- `decode`: `tokens`, of any shape, to `words`.

The words lie in its `assets/vocabulary.txt` as well, one a line.
"""

from pathlib import Path

import keras
import tensorflow as tf

from darts_tf.data.text.corpus import UNKNOWN
from darts_tf.data.text.vocabulary_file import read_vocabulary
from darts_tf.errors import UserError
from darts_tf.plugins import import_modules
from darts_tf.run_layout import VOCABULARY_FILE
from darts_tf.serving.export_config import ExportConfig
from darts_tf.serving.model_kind import SAVED_MODEL_FILE, language_kind
from darts_tf.serving.versioned_folder import write_version
from darts_tf.weights.saved_language_model import load_language_model


def export_language_run(config: ExportConfig) -> str:
    """Writes a new version of a trained language model.

    Args:
        config: `ExportConfig`, of which `run`, `output`, `format` and
            `activation_modules` count.

    Returns:
        What was written, as text.

    Raises:
        UserError: If an input is wrong; nothing is written then.
    """
    if config.format != "saved_model":
        raise UserError(
            f"`format`={config.format}: language models are exported as saved_model."
        )
    if config.verify_latency:
        raise UserError("`verify_latency` is for networks for images.")
    import_modules("activation_modules", config.activation_modules)
    serving = _read_serving_model(config.run)
    model = serving.model
    version = write_version(
        config.output,
        SAVED_MODEL_FILE,
        language_kind(model.vocabulary_size, model.state_units),
        lambda folder: _write(serving, folder),
    )
    return f"{version}: saved_model with step, score, encode and decode"


def _read_serving_model(run_folder):
    model = load_language_model(run_folder)
    vocabulary = read_vocabulary(run_folder)
    if model.vocabulary_size != len(vocabulary.words):
        raise UserError(
            f"{run_folder} is damaged: its model knows {model.vocabulary_size} words, "
            f"its {VOCABULARY_FILE} has {len(vocabulary.words)}."
        )
    return _ServingModel(
        model, Path(run_folder) / VOCABULARY_FILE, vocabulary.tokens.get(UNKNOWN, -1)
    )


def _write(serving, folder):
    tokens = tf.TensorSpec([None, None], tf.int32, "tokens")
    state = tf.TensorSpec([None, serving.model.state_units], tf.float32, "state")
    words = tf.TensorSpec(None, tf.string, "words")
    archive = keras.export.ExportArchive()
    archive.track(serving)
    archive.add_endpoint("step", serving.step, [tokens, state])
    archive.add_endpoint("score", serving.score, [tokens])
    archive.add_endpoint("encode", serving.encode, [words])
    archive.add_endpoint(
        "decode", serving.decode, [tf.TensorSpec(None, tf.int32, "tokens")]
    )
    archive.write_out(str(folder), verbose=False)


class _ServingModel(tf.Module):
    """The functions behind the signatures."""

    def __init__(self, model, vocabulary_path, unknown):
        super().__init__()
        self.model = model
        asset = tf.saved_model.Asset(str(vocabulary_path))
        line, number = (
            tf.lookup.TextFileIndex.WHOLE_LINE,
            tf.lookup.TextFileIndex.LINE_NUMBER,
        )
        self.tokens, self.words = (
            tf.lookup.StaticHashTable(
                tf.lookup.TextFileInitializer(asset, *key, *value), default
            )
            for key, value, default in (
                ((tf.string, line), (tf.int64, number), unknown),
                ((tf.int64, number), (tf.string, line), UNKNOWN),
            )
        )

    def step(self, tokens, state):
        state = self.model.split_state(state)
        output = self.model({"tokens": tokens, "state": state})
        return {
            "log_probabilities": tf.nn.log_softmax(output.logits),
            "state": self.model.join_state(output.state),
        }

    def score(self, tokens):
        targets = tokens[:, 1:]
        output = self.model({"tokens": tokens[:, :-1], "targets": targets})
        return {"perplexity": tf.exp(tf.reduce_mean(output.losses, axis=1))}

    def encode(self, words):
        return {"tokens": tf.cast(self.tokens.lookup(words), tf.int32)}

    def decode(self, tokens):
        return {"words": self.words.lookup(tf.cast(tokens, tf.int64))}
