"""The strategies by their names.

Each module in `known` has one, which is found by itself. A strategy that lies elsewhere
is registered.
"""

from darts_tf.errors import invalid_value
from darts_tf.plugins import modules_of
from darts_tf.rivals import known
from darts_tf.rivals.strategy import Strategy

_STRATEGIES: dict[str, type[Strategy]] = {}


def register_strategy(strategy: type[Strategy]) -> type[Strategy]:
    """Makes a strategy known by its name; serves as a decorator.

    Args:
        strategy: A subclass of `Strategy`.

    Returns:
        The same.

    Raises:
        ValueError: If it is none, or another strategy has its name.
    """
    if not (isinstance(strategy, type) and issubclass(strategy, Strategy)):
        raise invalid_value("strategy", "a subclass of `Strategy`", strategy)
    other = _STRATEGIES.get(strategy.name, strategy)
    # One of the same source is taken for the strategy itself, since a cell of a
    # notebook that is run again makes it again.
    if other.source != strategy.source:
        expected = f"one of another name than {other.name}, which is taken"
        raise invalid_value("strategy", expected, strategy.name)
    _STRATEGIES[strategy.name] = strategy
    return strategy


def get_strategy(name: str) -> type[Strategy]:
    """Returns the strategy of a name, or raises a `ValueError`."""
    if name not in _STRATEGIES:
        raise invalid_value("strategy", f"one of {', '.join(strategy_names())}", name)
    return _STRATEGIES[name]


def strategy_names() -> tuple[str, ...]:
    """Returns the names of all strategies that are known, sorted."""
    return tuple(sorted(_STRATEGIES))


def _find_strategies() -> None:
    for module in modules_of(known):
        for item in vars(module).values():
            is_class = isinstance(item, type) and issubclass(item, Strategy)
            if is_class and item.__module__ == module.__name__:
                register_strategy(item)


_find_strategies()
