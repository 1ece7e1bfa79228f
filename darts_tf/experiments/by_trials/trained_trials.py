"""Trials that train, each in a process of its own."""

import queue
from collections.abc import Callable, Mapping
from typing import Any

from darts_tf.distribution.devices import device_environments
from darts_tf.fresh_process import FreshProcesses
from darts_tf.settings import Settings, values_of
from darts_tf.trials import Outcome
from darts_tf.trials.history import AskedTrial

# A process sees one device, and trains on that.
_OF_PROCESS = {"strategy": "single", "devices": ()}


class TrainedTrials:
    """Trains genotypes and scores them, as many at a time as there are workers.

    Args:
        config: The settings, which have `BaselineSettings`.
        describe: Function of the settings, in a dictionary, that returns what is known
            of the data: `data`, what a report says of them, and `fingerprint`.
        train: Function of the settings, the number of a trial, the genotype, in a
            dictionary, and its number of epochs, or `None`, that returns the fields of
            its `Outcome`.
        processes: The `FreshProcesses`.
    """

    def __init__(
        self,
        config: Settings,
        describe: Callable[..., Mapping[str, Any]],
        train: Callable[..., Mapping[str, Any]],
        processes: FreshProcesses,
    ):
        self._settings = {**values_of(config), **_OF_PROCESS}
        self._describe, self._train, self._processes = describe, train, processes
        self._free: queue.SimpleQueue = queue.SimpleQueue()
        environments = device_environments(config.devices, config.workers)
        for environment in environments:
            self._free.put(environment)

    def describe(self) -> Mapping[str, Any]:
        """Returns `data` and `fingerprint`; checks all that a training starts from.

        Raises:
            UserError: If anything is wrong with the data or the network.
        """
        return self.call(self._describe, {}, "The process that reads the data")

    def __call__(self, trial: AskedTrial) -> Outcome:
        """Trains the genotype of a trial; waits for a device if none is free."""
        arguments = {
            "number": trial.number,
            "genotype": trial.genotype.to_json_object(),
            "epochs": trial.epochs,
        }
        return Outcome(**self.call(self._train, arguments, f"Trial {trial.number}"))

    def call(self, function: Callable, arguments: Mapping[str, Any], name: str) -> Any:
        """Calls a function of the settings in a process that has a device for itself.

        Args:
            function, name: See `FreshProcesses.call`.
            arguments: Those beside `settings`.

        Returns:
            What the function returned.
        """
        arguments = {"settings": self._settings, **arguments}
        environment = self._free.get()
        try:
            return self._processes.call(function, arguments, environment, name)
        finally:
            self._free.put(environment)
