"""Settings of searches that try one genotype after the other, the rivals of DARTS."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from darts_tf.errors import SettingError, UserError
from darts_tf.limits import MAX_SEED
from darts_tf.rivals import Strategy
from darts_tf.runs.run_settings import RunSettings
from darts_tf.settings import Settings, changed, setting, settings_of
from darts_tf.space.search_space import SearchSpace
from darts_tf.trials import Budget
from darts_tf.trials.methods import make_strategy, method_names

_MOST_WORKERS = 64


class BaselineSettings(Settings):
    """Settings of a search by trials; a configuration of it has `RunSettings`, too.

    Raises:
        UserError: If there is no such budget, or a trial were to be on several devices.
    """

    method: str = setting(
        "random",
        f"Strategy that proposes genotypes, by name: {', '.join(method_names())}; or "
        "one of your own.",
        group="Method",
    )
    configuration: str = setting(
        "paper",
        "Settings of the strategy by a name: paper, which each has; nats_bench, narrow "
        "or first_improvement, which some have.",
        group="Method",
    )
    method_settings: tuple[str, ...] = setting(
        (),
        "Settings of the strategy in place of those, as population=20,sample=5.",
        group="Method",
    )
    budget: str = setting(
        "24",
        "Budget: a number of trials, as 24; of steps of the weights w, as 300000steps; "
        "or time of the devices, as 6h, 90m or 30s. A trial begins while something of "
        "it is left. A run may go on with a larger one.",
        group="Method",
        free=True,
    )
    workers: int = setting(
        1,
        "Trials at a time, each in a process of its own and on one device; with "
        "several, what is proposed depends on which trial ends first.",
        group="Devices",
        least=1,
        most=_MOST_WORKERS,
        free=True,
    )
    worker_timeout: int = changed(
        RunSettings,
        "worker_timeout",
        help="Seconds without a word after which the chief of several processes gives "
        "the trial of a worker to another one, and a worker gives up its chief. While "
        "a trial lasts, its worker says that it lives.",
    )

    def __post_init__(self):
        super().__post_init__()
        Budget.parse(self.budget)
        if self.strategy not in ("auto", "single") or self.logical_devices:
            raise UserError(
                "A trial is on one device; give neither `strategy` nor "
                "`logical_devices`, but `workers` for several trials at a time."
            )
        if self.profile:
            raise UserError("`profile` is for searches and trainings, not for trials.")

    def make_strategy(self, space: SearchSpace) -> Strategy:
        """Returns the strategy as it begins.

        Args:
            space: The space of the genotypes.

        Raises:
            UserError: If there is no such strategy, or it has no such settings.
        """
        return make_strategy(
            self.method,
            space,
            self.seed,
            self.configuration,
            dict(map(_parsed, self.method_settings)),
            self.epochs,
        )

    def trained_with(self, shared: type[Settings], number: int) -> dict[str, Any]:
        """Returns the settings of the training of a trial, by name.

        Args:
            shared: Class of the settings that this search has of a training.
            number: The trial.
        """
        values = {name: getattr(self, name) for name in settings_of(shared)}
        seed = self.trial_seed(number)
        return {**values, "seed": seed, "genotype": f"trial {number}"}

    def trial_seed(self, number: int) -> int:
        """Returns the seed of a trial, which follows from that of the run.

        Args:
            number: The trial.
        """
        (seed,) = np.random.SeedSequence([self.seed, number]).generate_state(1)
        return int(seed) % (MAX_SEED + 1)


def with_epochs(settings: Mapping[str, Any], epochs: int | None) -> dict[str, Any]:
    """Returns settings with another number of epochs, if there is one.

    Args:
        settings: By name.
        epochs: The number, or `None`.
    """
    return {**settings} if epochs is None else {**settings, "epochs": epochs}


def _parsed(text):
    """The name and the value of a setting of a strategy: a number, True or a word."""
    name, sign, value = text.partition("=")
    if not name.isidentifier() or not sign or not value:
        raise SettingError("method_settings", text, "name=value")
    try:
        return name, json.loads(value.lower())
    except ValueError:
        return name, value
