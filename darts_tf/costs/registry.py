"""The costs by their names."""

import os
from collections.abc import Mapping
from types import MappingProxyType

from darts_tf.costs.cost_model import CostModel
from darts_tf.costs.counted_costs import MultiplyAdds, Weights
from darts_tf.costs.latency.table import LatencyTable, read_latency_table

LATENCY = LatencyTable.name
COSTS: Mapping[str, type[CostModel]] = MappingProxyType(
    {cost.name: cost for cost in (MultiplyAdds, Weights, LatencyTable)}
)


def make_cost(name: str, latency_table: str | os.PathLike | None = None) -> CostModel:
    """Returns the cost of a name.

    Args:
        name: The name, one of `COSTS`.
        latency_table: File of the table of latencies, which that alone needs.

    Raises:
        UserError: If the table cannot be read, is damaged, or too much of it is
            uncertain.
    """
    return read_latency_table(latency_table) if name == LATENCY else COSTS[name]()


def unit_of(name: str) -> str:
    """Returns the unit of a cost and what it counts, as a report says it.

    Args:
        name: Name of the cost.
    """
    return COSTS[name].in_words() if name in COSTS else name
