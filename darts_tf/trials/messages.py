"""The messages between chief and workers: trials as KerasTuner's `Trial`.

Its hyperparameters are those of the space, so that a trial reads as any of KerasTuner.
Its id names the trial and the worker, because what a worker says names nothing else.
What came of it is a value among those of the hyperparameters, in which numbers keep all
their digits.
"""

import dataclasses
import json

import keras_tuner
from keras_tuner.engine.trial import Trial, TrialStatus

from darts_tf.space.search_space import SearchSpace
from darts_tf.trials.history import AskedTrial, Outcome
from darts_tf.tuning.hyperparameters import genotype_of, hyperparameters_of

# That of KerasTuner's Hyperband, and two more.
_EPOCHS, _OUTCOME, _FAILURE = "tuner/epochs", "darts_tf/outcome", "darts_tf/failure"


def lent_trial(space: SearchSpace, trial: AskedTrial, worker: str) -> Trial:
    """Returns what the chief says to a worker that shall try a genotype.

    Args:
        space: The space of the genotypes.
        trial: What is to be tried.
        worker: Name of the worker.
    """
    hyperparameters = hyperparameters_of(space, trial.genotype)
    if trial.epochs is not None:
        hyperparameters.values[_EPOCHS] = trial.epochs
    return Trial(hyperparameters, f"{trial.number}/{worker}", TrialStatus.RUNNING)


def no_trial(status: str) -> Trial:
    """Returns what the chief says where there is nothing to try.

    Args:
        status: `"IDLE"` for not now, `"STOPPED"` for no more.
    """
    return Trial(keras_tuner.HyperParameters(), "", status)


def asked_trial(space: SearchSpace, message: Trial) -> AskedTrial:
    """Returns what a worker is to try.

    Args:
        space: The space of the genotypes.
        message: What `lent_trial` returned.

    Raises:
        ValueError: If it is no message of this space.
    """
    number, _ = place_of(message.trial_id)
    hyperparameters = message.hyperparameters
    epochs = hyperparameters.values.get(_EPOCHS)
    return AskedTrial(number, genotype_of(space, hyperparameters), epochs)


def place_of(trial_id: str) -> tuple[int, str]:
    """Returns the number of a trial and the name of its worker.

    Args:
        trial_id: Of a message.

    Raises:
        ValueError: If the id is none of those here.
    """
    number, _, worker = trial_id.partition("/")
    return int(number), worker


def ended_trial(message: Trial, result: Outcome | str) -> Trial:
    """Returns what a worker says at the end of a trial.

    Args:
        message: What it was lent by.
        result: The `Outcome`, or why there is none.
    """
    failed = isinstance(result, str)
    values = message.hyperparameters.values
    if failed:
        values[_FAILURE] = result
    else:
        values[_OUTCOME] = json.dumps(dataclasses.asdict(result))
    message.status = TrialStatus.FAILED if failed else TrialStatus.COMPLETED
    return message


def result_of(message: Trial) -> Outcome | str:
    """Returns what came of a trial: its `Outcome`, or why there is none.

    Args:
        message: What `ended_trial` returned.

    Raises:
        ValueError: If it holds neither.
    """
    values = message.hyperparameters.values
    if _FAILURE in values:
        return str(values[_FAILURE])
    try:
        return Outcome(**json.loads(values[_OUTCOME]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"Trial {message.trial_id} has no outcome.") from error
