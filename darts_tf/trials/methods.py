"""All methods of a search by trials by name.

Beside the strategies these are KerasTuner's oracles and scores without training.
"""

import importlib
import inspect
from collections.abc import Mapping
from typing import Any

from darts_tf.errors import SettingError, UserError
from darts_tf.rivals import Strategy, get_strategy, strategy_names
from darts_tf.space.search_space import SearchSpace

HYPERBAND, ZERO_COST = "hyperband", "zero_cost"
# Modules in this package and their classes. They are imported when they are needed,
# since KerasTuner and TensorFlow take long.
_ELSEWHERE = {
    "bayesian": ("tuner_strategy", "BayesianSearch"),
    HYPERBAND: ("tuner_strategy", "HyperbandSearch"),
    ZERO_COST: ("zero_cost", "ZeroCost"),
}
# What a strategy gets from elsewhere.
_GIVEN = ("space", "seed", "max_epochs")


def method_names() -> tuple[str, ...]:
    """Returns the names of all methods that are known, sorted."""
    return tuple(sorted((*strategy_names(), *_ELSEWHERE)))


def get_method(name: str) -> type[Strategy]:
    """Returns the class of a method.

    Raises:
        UserError: If there is none of this name.
    """
    if name in _ELSEWHERE:
        module, found = _ELSEWHERE[name]
        return getattr(importlib.import_module(f"{__package__}.{module}"), found)
    if name not in strategy_names():
        raise SettingError("method", name, f"one of {', '.join(method_names())}")
    return get_strategy(name)


def make_strategy(
    name: str,
    space: SearchSpace,
    seed: int,
    configuration: str,
    settings: Mapping[str, Any],
    epochs: int,
) -> Strategy:
    """Makes the strategy of a method, as it begins.

    Args:
        name: The method.
        space: The space of the genotypes.
        seed: Of all that is random.
        configuration: One of its `CONFIGURATIONS`.
        settings: Settings in place of those, by name.
        epochs: Epochs of a trial, the most of one where they differ.

    Raises:
        UserError: If there is no such method, or it has no such settings.
    """
    method = get_method(name)
    if configuration not in method.CONFIGURATIONS:
        expected = f"one of {', '.join(method.CONFIGURATIONS)} for {name}"
        raise SettingError("configuration", configuration, expected)
    settings = {**method.CONFIGURATIONS[configuration], **settings}
    known = [x for x in _parameters(method) if x not in _GIVEN]
    if not set(settings) <= set(known):
        expected = f"some of {', '.join(known)}" if known else f"none for {name}"
        raise SettingError("method_settings", [*settings], expected)
    if name == HYPERBAND:
        settings["max_epochs"] = epochs
    try:
        return method(space, seed, **settings)
    except (TypeError, ValueError) as error:
        raise UserError(f"`method`={name}: {error}") from error


def _parameters(method):
    """The names of the parameters of a strategy."""
    parameters = inspect.signature(method).parameters.values()
    return [x.name for x in parameters if x.kind is not x.VAR_KEYWORD]
