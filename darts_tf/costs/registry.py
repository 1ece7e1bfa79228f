"""The costs by their names."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from darts_tf.costs.cost_model import CostModel
from darts_tf.costs.counted_costs import MultiplyAdds, Weights

# Functions that make the costs which need nothing else.
COUNTED: Mapping[str, Callable[[], CostModel]] = MappingProxyType(
    {cost.name: cost for cost in (MultiplyAdds, Weights)}
)


def unit_of(name: str) -> str:
    """Returns the unit of a cost and what it counts, as a report says it.

    Args:
        name: Name of the cost.
    """
    return COUNTED[name]().in_words if name in COUNTED else name
