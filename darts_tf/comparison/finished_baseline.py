"""A finished search by trials, for a comparison."""

import numpy as np

from darts_tf.comparison.finished_runs import SECONDS_PER_HOUR, FinishedSearch
from darts_tf.experiments.by_trials.run import BaselineRun
from darts_tf.trials.methods import get_method, method_names


class FinishedBaseline(FinishedSearch):
    """A search by trials that has ended; `run` is a `BaselineRun`."""

    run: BaselineRun

    @property
    def recommended_epoch(self) -> int:
        return self.run.best_trial

    @property
    def method(self) -> str:
        name = str(self.settings.get("method"))
        settings = str(self.settings.get("configuration"))
        return name if settings == "paper" else f"{name}, {settings}"

    @property
    def search_method(self) -> str:
        name = str(self.settings.get("method"))
        known = name in method_names()
        return (known and get_method(name).search_method) or name

    def hours_after_epochs(self, device_count: int) -> np.ndarray:
        # A trial is on one device, however many there are.
        return np.cumsum(self.run.metrics["seconds"]) / SECONDS_PER_HOUR
