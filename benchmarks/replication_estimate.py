"""How long the runs of the small replication take, by what single ones have taken."""

from collections.abc import Iterable

from benchmarks.replication_items import (
    EVOLUTION,
    FIRST,
    PC_DARTS,
    RANDOM,
    SECOND,
    Item,
)
from benchmarks.replication_settings import IMAGES, TEXTS, ReplicationConfig

_TRAINING = "training"
# Seconds of one core for a step of w at the default sizes, validations included, and
# for what a process does before its first step.
_STEP = {
    IMAGES: {
        SECOND: 1.6,
        FIRST: 0.5,
        PC_DARTS: 0.2,
        RANDOM: 0.1,
        EVOLUTION: 0.1,
        _TRAINING: 0.1,
    },
    TEXTS: {SECOND: 0.6, FIRST: 0.2, RANDOM: 0.1, _TRAINING: 0.1},
}
_START = 30.0
_CORES, _SECONDS_PER_HOUR = 2, 3600


def estimated_hours(config: ReplicationConfig, items: Iterable[Item]) -> float:
    """Returns about how many hours some runs take on two cores.

    Sizes of the networks and batches other than the defaults are not regarded.

    Args:
        config: The settings.
        items: The runs.
    """
    seconds = sum(_START + _steps(config, x) * _seconds_of_step(x) for x in items)
    return seconds / _CORES / _SECONDS_PER_HOUR


def _seconds_of_step(item):
    return _STEP[item.kind][_TRAINING if item.is_training else item.method]


def _steps(config, item):
    if item.kind == IMAGES:
        epochs = config.training_epochs if item.is_training else config.trials
        return epochs * config.trial_steps
    epochs = config.text_training_epochs if item.is_training else config.text_trials
    return epochs * config.text_trial_steps
