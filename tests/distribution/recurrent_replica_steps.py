"""Steps of tiny language models on several logical devices; see `replica_steps`."""

import sys

import keras
import numpy as np
import tensorflow as tf

from darts_tf.data.text import text_batches
from darts_tf.optimization.averaged_sgd import AveragedSGD
from darts_tf.recurrent import EvaluationCell, LanguageModel, SearchCell
from darts_tf.recurrent.evaluation_model import LanguageTrainingModel
from darts_tf.recurrent.search_model import RecurrentSearchModel
from darts_tf.zoo.language import LSTMCell, MixtureLanguageModel
from tests.distribution import replica_steps
from tests.language_texts import GENOTYPE

STEPS, STREAMS, EVALUATED, LENGTH = 3, 8, 3, 4
VOCABULARY, UNITS = 12, 4
DROPOUT = dict.fromkeys(("words", "embedded", "inputs", "hidden", "outputs"), 0.3)
CLIP, SLOWNESS = 0.2, 0.5


def make_network(method, policy, layers):
    if layers:
        # Each replica has an output and a memory of each layer of its own, and all have
        # the dropped kernels in common.
        cells = [LSTMCell(units, num_biases=2) for units in (UNITS, UNITS + 1)]
        arguments = {"dropout": DROPOUT, "drops_kernels": True, "latent_rate": 0.3}
        return MixtureLanguageModel(VOCABULARY, cells, UNITS, 2, **arguments)
    cell = (
        SearchCell(UNITS, num_nodes=1, dtype=policy)
        if method
        else EvaluationCell(UNITS, GENOTYPE)
    )
    return LanguageModel(VOCABULARY, cell, DROPOUT, dtype=policy)


def make_model(method, policy=None, layers=False):
    keras.utils.set_random_seed(1)
    network = make_network(method, policy, layers)
    network.build()
    if method:
        model = RecurrentSearchModel(
            network, STREAMS, EVALUATED, *method, CLIP, SLOWNESS
        )
        model.compile()
    else:
        model = LanguageTrainingModel(network, STREAMS, CLIP, SLOWNESS)
        model.compile(AveragedSGD(2.0))
    return model


def slower(batch):
    return {**batch, "rate_factor": batch["rate_factor"] / 2}


def spoil_last_state(model):
    """Makes the hidden states of the last replica infinite."""
    *_, state = model.train_state.value.values
    state.assign(tf.fill(state.shape, tf.constant(np.inf, state.dtype)))


def amid_text(batch):
    return {**batch, "starts": tf.constant(False)}


def make_batches(method):
    def streams(seed, rows, words):
        random = np.random.default_rng(seed)
        return random.integers(0, VOCABULARY, (rows, words), np.int32)

    texts = [streams(seed, STREAMS, STEPS * LENGTH + 1) for seed in range(2)]
    # Of one length, so that the passes over both texts share their graphs.
    lengths = text_batches.SequenceLengths(LENGTH, halved=0.0)
    evaluated = text_batches.evaluation_batches(
        streams(2, EVALUATED, 2 * LENGTH + 1), LENGTH
    )
    if method:
        batches = text_batches.search_batches(*texts, lengths, 0, 0, STEPS)
        return batches.map(lambda train, valid: (slower(train), valid)), evaluated
    batches = text_batches.training_batches(texts[0], lengths, 0, 0, STEPS)
    return batches.map(slower), evaluated


class MeanObjective(replica_steps.MeanObjective):
    """Normalization over the texts of each part."""

    def joined(self, outputs):
        fields = zip(*outputs)
        return type(outputs[0])(
            *(None if x[0] is None else tf.concat(x, 0) for x in fields)
        )


def split_texts(network_loss, parts):
    """Makes a model on one device normalize over what each of `parts` reads."""
    on_batch = network_loss.on_batch

    def split(structure):
        # Texts have rows; the length and what words are dropped all have in common.
        flat = [
            tf.split(x, parts) if x.shape[:1] == [STREAMS] else [x] * parts
            for x in tf.nest.flatten(structure)
        ]
        return [tf.nest.pack_sequence_as(structure, part) for part in zip(*flat)]

    network_loss.on_batch = lambda inputs, labels, _=None: MeanObjective(
        [on_batch(*part) for part in split((inputs, labels))]
    )


def run(
    method,
    replicas=1,
    parts=1,
    steps=STEPS,
    policy=None,
    spoilt=False,
    counted=False,
    distribution=None,
    callbacks=(),
    layers=False,
):
    """Trains a model for some steps, and evaluates a search of the first order.

    Arguments and result are those of `replica_steps.run`; `spoilt` says whether the
    last replica overflows, `layers` whether a training is of two layers.
    """
    replica_steps.set_floatx("float32" if policy else "float64")
    with (distribution or replica_steps.strategy(replicas)).scope():
        model = make_model(method, policy, layers)
    if parts > 1:
        split_texts(model.network_loss, parts)
        split_texts(model.penalized_loss, parts)
    batches, evaluated = make_batches(method)
    if spoilt:
        batches = batches.map(lambda *pair: tuple(map(amid_text, pair)))
        spoil_last_state(model)
    if not method:
        model.optimizer.start_averaging()
    history = model.fit(
        batches,
        steps_per_epoch=1,
        epochs=steps,
        verbose=0,
        shuffle=False,
        callbacks=list(callbacks),
    ).history
    numbers = replica_steps.numbers(model, history)
    if counted:
        functions = replica_steps.count_functions(model, batches.element_spec)
        numbers["functions"] = functions
    if spoilt:
        states = model.train_state, model.valid_state
        named = (
            (f"state {i}, {j}", copy.numpy())
            for i, state in enumerate(states)
            for j, copy in enumerate(state.value.values)
        )
        numbers |= dict(named)
    elif method and "first" in method:
        numbers |= model.evaluate(evaluated, verbose=0, return_dict=True)
    return numbers


if __name__ == "__main__":
    replica_steps.main(run, *sys.argv[1:])
