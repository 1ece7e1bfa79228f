"""The strategies by their names.

Each module in `known` has one, which is found by itself. A strategy that lies elsewhere
is registered.
"""

from operator import attrgetter

from darts_tf.plugins import modules_of, subclasses_in
from darts_tf.registry import Registry
from darts_tf.rivals import known
from darts_tf.rivals.strategy import Strategy

_STRATEGIES: Registry[type[Strategy]] = Registry(
    "strategy", Strategy, True, origin=attrgetter("__module__", "__qualname__")
)


def register_strategy(strategy: type[Strategy]) -> type[Strategy]:
    """Makes a strategy known by its name; serves as a decorator.

    Args:
        strategy: A subclass of `Strategy`.

    Returns:
        The same.

    Raises:
        ValueError: If it is none, or another strategy has its name.
    """
    return _STRATEGIES.register(strategy)


def get_strategy(name: str) -> type[Strategy]:
    """Returns the strategy of a name, or raises a `ValueError`."""
    return _STRATEGIES.known(name)


def strategy_names() -> tuple[str, ...]:
    """Returns the names of all strategies that are known, sorted."""
    return _STRATEGIES.names()


for _strategy in subclasses_in(modules_of(known), Strategy):
    register_strategy(_strategy)
