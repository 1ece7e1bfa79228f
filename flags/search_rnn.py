"""Flags of `trainers.search_rnn`; defaults stand in `RecurrentSearchConfig`."""

import dataclasses

from absl import flags

from darts_tf.experiments.recurrent_search.config import RecurrentSearchConfig
from darts_tf.limits import (
    MAX_BATCH_SIZE,
    MAX_COUNT,
    MAX_RECURRENT_NODES,
    MAX_SEQUENCE_LENGTH,
    MAX_UNITS,
    MAX_WORDS,
)
from flags.flag_definer import FlagDefiner, dated_folder

_DEFAULTS = RecurrentSearchConfig()
_FIELDS = [field.name for field in dataclasses.fields(RecurrentSearchConfig)]
_LARGEST_RATE = 0.99


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    definer = FlagDefiner(_DEFAULTS, flag_values)
    _define_method(definer)
    _define_data(definer)
    _define_network(definer)
    _define_optimization(definer)
    definer.devices()
    definer.run()
    definer.profile()
    definer.group("Computation")
    definer.precision()
    definer.boolean(
        "recompute",
        "Whether the backward pass computes the cell again: less memory, more time.",
    )
    return definer.groups


def to_config(flag_values=flags.FLAGS):
    """Returns the `RecurrentSearchConfig` that the parsed flags describe."""
    values = {name: getattr(flag_values, name) for name in _FIELDS}
    for name in ("activations", "activation_modules", "devices"):
        values[name] = tuple(values[name])
    return RecurrentSearchConfig(**values)


def output_folder(flag_values=flags.FLAGS):
    """Returns the run folder: `--output`, or one named after the present time."""
    return flag_values.output or dated_folder("search_rnn")


def _define_method(define):
    define.group("Method")
    define.choice(
        "order",
        ["first", "second"],
        "Gradient of the architecture (paper, section 2.3): at the weights as they "
        "are, or at the weights after one step.",
    )
    define.choice(
        "hessian",
        ["exact", "finite_difference"],
        "Mixed derivative of the second order: exactly, or by the paper's finite "
        "difference (equation 8).",
    )


def _define_data(define):
    define.group("Data")
    define.string(
        "dataset",
        "ptb or wikitext2, with --data_dir; python_reference, which comes with "
        "Python; or a folder with train.txt, valid.txt and test.txt.",
    )
    define.string(
        "data_dir",
        "Folder with train.txt, valid.txt and test.txt, or ptb.train.txt and so on; no "
        "default.",
    )
    define.integer(
        "vocabulary_size",
        "Largest number of words, the most frequent ones; default is all.",
        3,
        MAX_WORDS,
    )
    define.integer(
        "sequence_length",
        "Words of a step; one step in 20 has half of them.",
        1,
        MAX_SEQUENCE_LENGTH,
    )


def _define_network(define):
    define.group("Network")
    define.integer("hidden_size", "Size of embedding and hidden states.", 1, MAX_UNITS)
    define.integer("nodes", "Nodes of the cell (paper: 8).", 1, MAX_RECURRENT_NODES)
    define.names("activations", "Activations on each edge, by name.")
    define.names(
        "activation_modules",
        "Python modules to import that register activations of your own.",
    )
    for name, what in (
        ("words", "words, all of whose embedding is dropped (dropoute)"),
        ("embedded", "embedded text (dropouti)"),
        ("inputs", "cell's input (dropoutx)"),
        ("hidden", "hidden states of the cell (dropouth)"),
        ("outputs", "cell's output (dropout)"),
    ):
        help = f"Share of the {what} that is dropped; in brackets the authors' name."
        define.number(f"dropout_{name}", help, 0.0, _LARGEST_RATE)
    define.number(
        "slowness", "Weight of the penalty on fast changes of the hidden state."
    )


def _define_optimization(define):
    define.group("Optimization")
    define.integer("epochs", "Number of epochs.", 1, MAX_COUNT)
    define.integer(
        "steps_per_epoch",
        "Largest number of steps of an epoch, which begins where the text does; "
        "default is one pass over the training text.",
        1,
        MAX_COUNT,
    )
    define.integer(
        "batch_size",
        "Streams of each text in a step, on all devices together.",
        2,
        MAX_BATCH_SIZE,
    )
    define.integer(
        "valid_batch_size",
        "Streams of the validation after an epoch.",
        2,
        MAX_BATCH_SIZE,
    )
    define.number("learning_rate", "Of w, for a step of --sequence_length words.")
    define.number("weight_decay", "Of w, added to the clipped gradient.")
    define.number("gradient_clip", "Largest norm of the gradient of w.", 1e-6)
    define.number("arch_learning_rate", "Of alpha (Adam).")
    define.number("arch_weight_decay", "Of alpha, added to the gradient.")
