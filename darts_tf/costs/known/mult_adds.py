"""The mult-adds of a network."""

import functools
from typing import ClassVar

from darts_tf.convolutional.network_cost import count_multiply_adds
from darts_tf.costs.cost_model import WITHOUT_LAYER, CostModel, NetworkPart
from darts_tf.costs.part_layers import make_layer


class MultiplyAdds(CostModel):
    """The mult-adds of convolutions and dense layers for one image."""

    name: ClassVar = "mult_adds"
    unit: ClassVar = "M mult-adds"
    per_unit: ClassVar = 1e6

    def of_part(self, part: NetworkPart) -> int:
        return _multiply_adds(part)


# It needs the layer and its graph, which are made once for all equal parts.
@functools.cache
def _multiply_adds(part):
    if part.layer in WITHOUT_LAYER:
        return 0
    return count_multiply_adds(make_layer(part))
