"""The cost of a derived network, as a sum over its parts."""

from darts_tf.costs.cost_model import CostModel as CostModel
from darts_tf.costs.cost_model import NetworkPart as NetworkPart
from darts_tf.costs.network_parts import DerivedNetwork as DerivedNetwork
from darts_tf.costs.registry import cost_names as cost_names
from darts_tf.costs.registry import get_cost as get_cost
from darts_tf.costs.registry import register_cost as register_cost
from darts_tf.costs.space_costs import SpaceCosts as SpaceCosts
