"""Flags of the trainers of language models.

Defaults stand in `darts_tf.experiments.recurrent_evaluation.config`.
"""

import dataclasses

from absl import flags

from darts_tf.experiments.recurrent_evaluation.config import LanguageConfig
from darts_tf.limits import (
    MAX_BATCH_SIZE,
    MAX_COUNT,
    MAX_SEQUENCE_LENGTH,
    MAX_UNITS,
    MAX_WORDS,
)
from flags.flag_definer import FlagDefiner, dated_folder

_FIELDS = [field.name for field in dataclasses.fields(LanguageConfig)]
_LARGEST_RATE = 0.99


def define(defaults, flag_values=flags.FLAGS):
    """Defines the flags, with the defaults of a `LanguageConfig`.

    Returns:
        Their helps by group, see `FlagDefiner`.
    """
    definer = FlagDefiner(defaults, flag_values)
    _define_data(definer)
    _define_model(definer)
    _define_optimization(definer)
    definer.devices()
    definer.run()
    definer.boolean(
        "evaluate_only",
        "Whether the model of --weights is evaluated and nothing is trained.",
    )
    return definer.groups


def to_config(flag_values=flags.FLAGS):
    """Returns the `LanguageConfig` that the parsed flags describe."""
    values = {name: getattr(flag_values, name) for name in _FIELDS}
    for name in ("activation_modules", "devices"):
        values[name] = tuple(values[name])
    return LanguageConfig(**values)


def output_folder(flag_values=flags.FLAGS):
    """Returns the run folder: `--output`, or one named after the present time."""
    return flag_values.output or dated_folder("language")


def _define_data(define):
    define.group("Data")
    define.string(
        "dataset",
        "ptb or wikitext2, whose texts are in --data_dir; python_reference, which "
        "comes with Python; or a folder with train.txt, valid.txt and test.txt.",
    )
    define.string(
        "data_dir", "Folder with the three texts of ptb or wikitext2; no default."
    )
    define.integer(
        "vocabulary_size",
        "Largest number of words; default is all of the text.",
        3,
        MAX_WORDS,
    )
    for name, help in (
        ("batch_size", "Streams of text that are trained on at once."),
        ("valid_batch_size", "Streams of the validation text."),
        ("test_batch_size", "Streams of the test text (paper: 1)."),
    ):
        define.integer(name, help, 1, MAX_BATCH_SIZE)
    define.integer(
        "sequence_length",
        "Mean number of words of a step (paper: 35); it is drawn anew for each.",
        1,
        MAX_SEQUENCE_LENGTH,
    )


def _define_model(define):
    define.group("Model")
    define.string(
        "genotype",
        "The cell: a published name such as DARTS_V2, a genotype file, or the folder "
        "of a recurrent search, which stands for the best genotype in it.",
    )
    define.names(
        "activation_modules",
        "Python modules to import that register activations of your own.",
    )
    define.integer("hidden_size", "Size of embedding and hidden states.", 1, MAX_UNITS)
    for name, help in (
        ("words", "Share of the words that are dropped from the embedding [dropoute]."),
        ("embedded", "Share of the embedded text that is dropped [dropouti]."),
        ("inputs", "Share of the cell's input that is dropped [dropoutx]."),
        ("hidden", "Share of the hidden states that is dropped [dropouth]."),
        ("outputs", "Share of the cell's output that is dropped [dropout]."),
    ):
        define.number(f"dropout_{name}", help, 0.0, _LARGEST_RATE)
    define.string(
        "weights",
        "Model for --evaluate_only: the folder of a training, a .keras file, or a "
        "PyTorch checkpoint of the authors' code; no default.",
    )


def _define_optimization(define):
    define.group("Optimization")
    define.integer("epochs", "Number of epochs.", 1, MAX_COUNT)
    define.integer(
        "steps_per_epoch",
        "Most steps of an epoch; default is the whole text.",
        1,
        MAX_COUNT,
    )
    define.number("learning_rate", "For a step of --sequence_length words.")
    define.number("weight_decay", "Added to the gradient after clipping.")
    define.number("gradient_clip", "Largest norm of the gradient.", 1e-6)
    define.number("slowness", "Weight of the penalty on changes of the hidden state.")
    define.integer(
        "averaging_patience",
        "Epochs without a better validation loss after which the weights are averaged.",
        0,
        MAX_COUNT,
    )
