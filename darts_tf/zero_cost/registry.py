"""The scores by their names.

Each module in `known` has one, which is found by itself. A score that lies elsewhere is
registered.
"""

from typing import Any

from darts_tf.convolutional.image_network import ImageNetwork
from darts_tf.plugins import instances_in, modules_of
from darts_tf.registry import Registry
from darts_tf.zero_cost import known
from darts_tf.zero_cost.score import Score

_SCORES: Registry[Score] = Registry("score", Score)


def register_score(score: Score) -> Score:
    """Makes a score known by its name.

    Args:
        score: The score.

    Returns:
        The same.

    Raises:
        ValueError: If it is none, or another score has its name.
    """
    return _SCORES.register(score)


def get_score(name: str) -> Score:
    """Returns the score of a name, or raises a `ValueError`."""
    return _SCORES.known(name)


def score_names() -> tuple[str, ...]:
    """Returns the names of all scores that are known, sorted."""
    return _SCORES.names()


def all_scores(network: ImageNetwork, images: Any) -> dict[str, float]:
    """Measures a network by every score that is known.

    Args:
        network, images: See `Score`.

    Returns:
        The scores by name, in the order of `score_names`.
    """
    return {name: get_score(name)(network, images) for name in score_names()}


for _score in instances_in(modules_of(known), Score):
    register_score(_score)
