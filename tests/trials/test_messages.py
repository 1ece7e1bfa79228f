import pytest
from keras_tuner.engine.trial import Trial

from darts_tf.trials.history import AskedTrial, Outcome
from darts_tf.trials.messages import (
    asked_trial,
    ended_trial,
    lent_trial,
    no_trial,
    place_of,
    result_of,
)
from darts_tf.tuning import genotype_of
from tests.rivals.small_spaces import EDGES


def sent(message):
    """Returns what arrives."""
    return Trial.from_proto(Trial.from_proto(message.to_proto()).to_proto())


def trial(number=3, epochs=None):
    return AskedTrial(number, EDGES.decode([1] * len(EDGES.choices())), epochs)


@pytest.mark.parametrize("epochs", [None, 7])
def test_a_trial_arrives_as_it_was(epochs):
    lent = sent(lent_trial(EDGES, trial(epochs=epochs), "worker/1"))
    assert lent.status == "RUNNING" and place_of(lent.trial_id) == (3, "worker/1")
    assert asked_trial(EDGES, lent) == trial(epochs=epochs)
    assert genotype_of(EDGES, lent.hyperparameters) == trial().genotype


def test_an_outcome_keeps_all_digits():
    metrics = {"val_loss": 0.1, "val_accuracy": None, "num_weights": 2**40 + 1}
    outcome = Outcome(1 / 3, steps=10**12 + 1, seconds=2 / 3, metrics=metrics)
    lent = sent(lent_trial(EDGES, trial(), "worker"))
    ended = sent(ended_trial(lent, outcome))
    assert ended.status == "COMPLETED" and result_of(ended) == outcome
    assert asked_trial(EDGES, ended) == trial()


def test_a_failure_says_why():
    ended = sent(ended_trial(lent_trial(EDGES, trial(), "worker"), "no memory"))
    assert (ended.status, result_of(ended)) == ("FAILED", "no memory")


@pytest.mark.parametrize("status", ["IDLE", "STOPPED"])
def test_no_trial(status):
    assert sent(no_trial(status)).status == status


@pytest.mark.parametrize("text", [None, "{", "[]", '{"loss": 1}', "3"])
def test_what_is_no_outcome_is_refused(text):
    message = lent_trial(EDGES, trial(), "worker")
    if text is not None:
        message.hyperparameters.values["darts_tf/outcome"] = text
    with pytest.raises(ValueError):
        result_of(message)


def test_what_is_no_trial_of_the_space_is_refused():
    with pytest.raises(ValueError):
        place_of("worker")
    message = lent_trial(EDGES, trial(), "worker")
    message.hyperparameters.values.popitem()
    with pytest.raises(ValueError):
        asked_trial(EDGES, message)
