"""How long the runs of the small replication take, by what single ones have taken."""

from collections.abc import Iterable

from benchmarks.replication.items import (
    EVOLUTION,
    FIRST,
    PC_DARTS,
    RANDOM,
    SECOND,
    Item,
)
from benchmarks.replication.settings import IMAGES, TEXTS, ReplicationConfig

_TRAINING = "training"
# Seconds of one core for a step of w at the default sizes, with its share of what is
# validated and, in a trial, of what a process needs to start; and what every run needs
# beside its steps. From few steps on a busy machine; that of PC-DARTS is a guess.
_STEP = {
    IMAGES: {
        SECOND: 1.9,
        FIRST: 0.9,
        PC_DARTS: 0.4,
        RANDOM: 0.15,
        EVOLUTION: 0.15,
        _TRAINING: 0.15,
    },
    TEXTS: {SECOND: 0.65, FIRST: 0.3, RANDOM: 0.1, _TRAINING: 0.05},
}
_BESIDE = 20.0
_CORES, _SECONDS_PER_HOUR = 2, 3600


def estimated_hours(config: ReplicationConfig, items: Iterable[Item]) -> float:
    """Returns about how many hours some runs take on two cores.

    Sizes of the networks and batches other than the defaults are not regarded.

    Args:
        config: The settings.
        items: The runs.
    """
    seconds = sum(_BESIDE + _steps(config, x) * _seconds_of_step(x) for x in items)
    return seconds / _CORES / _SECONDS_PER_HOUR


def _seconds_of_step(item):
    return _STEP[item.kind][_TRAINING if item.is_training else item.method]


def _steps(config, item):
    if item.kind == IMAGES:
        epochs = config.training_epochs if item.is_training else config.trials
        return epochs * config.trial_steps
    epochs = config.text_training_epochs if item.is_training else config.text_trials
    return epochs * config.text_trial_steps
