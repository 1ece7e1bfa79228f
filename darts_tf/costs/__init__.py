"""The cost of a derived network, as a sum over its parts."""

from darts_tf.costs.cost_model import CostModel as CostModel
from darts_tf.costs.cost_model import NetworkPart as NetworkPart
from darts_tf.costs.counted_costs import MultiplyAdds as MultiplyAdds
from darts_tf.costs.counted_costs import Weights as Weights
from darts_tf.costs.moved_bytes import MovedBytes as MovedBytes
from darts_tf.costs.network_parts import DerivedNetwork as DerivedNetwork
from darts_tf.costs.space_costs import SpaceCosts as SpaceCosts
