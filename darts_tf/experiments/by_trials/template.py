"""What the searches by trials of convolutional and of recurrent cells share."""

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from darts_tf.experiments.by_trials.recorder import BaselineRecorder
from darts_tf.experiments.by_trials.settings import BaselineSettings
from darts_tf.experiments.by_trials.trained_trials import TrainedTrials
from darts_tf.experiments.search_page import SearchWords
from darts_tf.fresh_process import FreshProcesses
from darts_tf.run_layout import RESULTS_FILE, TRIALS_FILE
from darts_tf.runs import provenance
from darts_tf.runs.experiment import Experiment
from darts_tf.runs.run_folder import RunFolder
from darts_tf.settings import added_settings, free_settings, values_of
from darts_tf.trials import Budget, TrialHistory, TrialLog
from darts_tf.trials.search import search
from darts_tf.trials.tuner_environment import find_tuner_process


class BaselineExperiment(Experiment):
    """A search that tries one genotype after the other, until its budget is spent.

    It has no model and no checkpoint: its log of trials is its state, and whatever else
    is in its folder follows from that. KerasTuner's environment variables make it one
    of several processes that search together; the chief among them has the folder.

    Attributes:
        WORDS: What the page and the lines of trials say in words of their own.
        Config: Its settings have `BaselineSettings`, and `checked_space`.
        describe, train: What a process of its own does, see `TrainedTrials`.
    """

    WORDS: ClassVar[SearchWords]
    config: BaselineSettings

    @staticmethod
    def describe(settings: Mapping[str, Any]) -> dict[str, Any]:
        """Returns what is known of the data."""
        raise NotImplementedError

    @staticmethod
    def train(
        settings: Mapping[str, Any],
        number: int,
        genotype: Mapping[str, Any],
        epochs: int | None = None,
    ) -> dict[str, Any]:
        """Returns what came of a trial."""
        raise NotImplementedError

    def prepare(self) -> None:
        self.space = self.config.checked_space()
        self.strategy = self.config.make_strategy(self.space)

    def run(self, output: str | Path) -> Path | None:
        process = find_tuner_process()
        self.prepare()
        if process is None or process.is_chief:
            return self._run(output, process)
        with FreshProcesses() as processes:
            trials = self.make_trials(processes)
            _together().follow(process, self.config, self.space, trials)
        return None

    def _run(self, output, process):
        config, settings = self.config, values_of(self.config)
        folder = RunFolder(
            output, self.FORMAT, free_settings(config), added_settings(config)
        )
        # These are checked before the data are read, which may take minutes.
        folder.check(settings)
        if process:
            process.check_port()
        with FreshProcesses() as processes:
            trials = self.make_trials(processes)
            known = trials.describe()
            self.restrict(known["data"])
            with folder.claimed(settings, None, known["fingerprint"]):
                folder.write_config(
                    settings,
                    **known,
                    versions=provenance.versions(),
                    num_weights=0,
                    command=provenance.command(),
                )
                self._search(folder, trials, known["fingerprint"], process)
        return folder.path

    def make_trials(self, processes: FreshProcesses) -> Any:
        """Returns what tries genotypes: it is called with a trial, and has `describe`.

        Args:
            processes: Those that train them.
        """
        return TrainedTrials(self.config, self.describe, self.train, processes)

    def restrict(self, data: Mapping[str, Any]) -> None:
        """Tells the strategy which genotypes it may propose; by default all.

        Args:
            data: What is known of the data.

        Raises:
            UserError: If there is none.
        """

    def columns(self) -> Sequence[str]:
        """Columns of the metrics beside those of all searches by trials."""
        return self.COLUMNS

    def _search(self, folder, trials, fingerprint, process):
        history = TrialHistory(self.strategy, TrialLog(folder.path / TRIALS_FILE))
        done = len(history.outcomes)
        if done:
            print(f"Continuing after {done} trials in {folder.path}.", flush=True)
        else:
            print(f"The run is in {folder.path}.", flush=True)
        budget = Budget.parse(self.config.budget)
        if history.pending or budget.is_left(history.spent):
            # They are of a smaller budget.
            (folder.path / RESULTS_FILE).unlink(missing_ok=True)
        recorder = BaselineRecorder(
            folder.path,
            history,
            budget,
            self.columns(),
            self.WORDS,
            self.write_page,
            folder.require_claim,
        )
        if process:
            _together().lead(process, self.config, history, recorder, fingerprint)
        else:
            search(history, budget, trials, self.config.workers, recorder.told)
        recorder.end()


def _together():
    """The module for several processes, which imports KerasTuner, and takes long."""
    return importlib.import_module("darts_tf.experiments.by_trials.processes")
