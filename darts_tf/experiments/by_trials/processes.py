"""A search by trials in several processes: what its chief and its workers do."""

import json
from typing import Any

from darts_tf.distribution.workers import differences
from darts_tf.errors import UserError
from darts_tf.experiments.by_trials.recorder import BaselineRecorder
from darts_tf.experiments.by_trials.settings import BaselineSettings
from darts_tf.keras_tuner_private import PatientClient
from darts_tf.runs.prepared_run import what_is_computed
from darts_tf.space.search_space import SearchSpace
from darts_tf.trials import Budget, TrialHistory
from darts_tf.trials.chief import SEARCH, TrialOracle, serve
from darts_tf.trials.loans import TrialLoans
from darts_tf.trials.tuner_environment import TunerProcess
from darts_tf.trials.worker import TrialWorker

# Signs of life that a worker gives in the time after which it is taken for lost.
_SIGNS = 4


def lead(
    process: TunerProcess,
    config: BaselineSettings,
    history: TrialHistory,
    recorder: BaselineRecorder,
    fingerprint: dict[str, Any],
) -> None:
    """Does a search as its chief: proposes trials, and records what workers say.

    Args:
        process: The place of this process.
        config: The settings.
        history: What has been tried so far; it grows.
        recorder: What writes the folder.
        fingerprint: What tells the data from others.

    Raises:
        UserError: If the port is taken, or a trial fails twice.
    """
    budget = Budget.parse(config.budget)
    loans = TrialLoans(history, budget, config.worker_timeout)
    search = {
        "settings": what_is_computed(config),
        "data": fingerprint,
        "worker_timeout": config.worker_timeout,
    }
    oracle = TrialOracle(history.strategy.space, loans, recorder.told, search)
    serve(oracle, process)


def follow(
    process: TunerProcess, config: BaselineSettings, space: SearchSpace, trials: Any
) -> None:
    """Does the trials of a search as one of its workers, until it has ended.

    Args:
        process: The place of this process.
        config: The settings.
        space: The space of the genotypes.
        trials: What tries them, as `BaselineExperiment.make_trials` returns it.

    Raises:
        UserError: If the chief cannot be reached, is lost or does another search, or a
            trial fails.
    """
    print(f"{process.name} looks for its chief at {process.address}.", flush=True)
    client = PatientClient(process.address, config.worker_timeout)
    found = client.get_space().values.get(SEARCH)
    if found is None:
        raise UserError(f"The chief at {process.address} does another search.")
    search = json.loads(found)
    _check_equal(search["settings"], what_is_computed(config), process)
    _check_equal(search["data"], trials.describe()["fingerprint"], process)
    interval = search["worker_timeout"] / _SIGNS
    worker = TrialWorker(client, space, trials, config.workers, interval)
    worker.run(process.name)
    print("The search has ended.", flush=True)


def _check_equal(of_chief, own, process):
    own = json.loads(json.dumps(own))
    if differ := differences(of_chief, own, "the chief", process.name):
        raise UserError(f"Chief and workers must run the same ({differ}).")
