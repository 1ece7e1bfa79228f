"""The costs by their names.

Each module in `known` has one, which is found by itself; that of latencies lies with
their measurement. A cost that lies elsewhere is registered.
"""

import os
from operator import attrgetter

from darts_tf.costs import known
from darts_tf.costs.cost_model import CostModel
from darts_tf.costs.latency.table import LatencyTable, read_latency_table
from darts_tf.plugins import modules_of, subclasses_in
from darts_tf.registry import Registry

LATENCY = LatencyTable.name

_COSTS: Registry[type[CostModel]] = Registry(
    "cost", CostModel, True, origin=attrgetter("__module__", "__qualname__")
)


def register_cost(cost: type[CostModel]) -> type[CostModel]:
    """Makes a cost known by its name; serves as a decorator.

    Args:
        cost: A subclass of `CostModel` that needs no arguments.

    Returns:
        The same.

    Raises:
        ValueError: If it is none, or another cost has its name.
    """
    return _COSTS.register(cost)


def get_cost(name: str) -> type[CostModel]:
    """Returns the cost of a name, or raises a `ValueError`."""
    return _COSTS.known(name)


def cost_names() -> tuple[str, ...]:
    """Returns the names of all costs that are known, sorted."""
    return _COSTS.names()


def make_cost(name: str, latency_table: str | os.PathLike | None = None) -> CostModel:
    """Returns what says the costs of parts.

    Args:
        name: The name, one of `cost_names`.
        latency_table: File of the table of latencies, which that alone needs.

    Raises:
        UserError: If the table cannot be read, is damaged, or too much of it is
            uncertain.
    """
    return read_latency_table(latency_table) if name == LATENCY else get_cost(name)()


def unit_of(name: str) -> str:
    """Returns the unit of a cost and what it counts, as a report says it.

    Args:
        name: Name of the cost; one that is not known stands for itself.
    """
    return get_cost(name).unit if name in cost_names() else name


for _cost in (*subclasses_in(modules_of(known), CostModel), LatencyTable):
    register_cost(_cost)
