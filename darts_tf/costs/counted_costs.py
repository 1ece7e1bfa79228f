"""Costs that are counted: trained weights, and mult-adds for one image."""

import functools
from typing import ClassVar

from darts_tf.convolutional.network_cost import count_multiply_adds
from darts_tf.costs.cost_model import WITHOUT_LAYER, CostModel, NetworkPart
from darts_tf.costs.part_layers import make_layer
from darts_tf.weight_count import count_weights

_MILLION = 1e6


class Weights(CostModel):
    """The number of trained weights, without moving statistics."""

    name: ClassVar = "weights"
    words: ClassVar = "weights"
    unit: ClassVar = "M"
    per_unit: ClassVar = _MILLION

    def of_part(self, part: NetworkPart) -> int:
        return _weights(part)


class MultiplyAdds(CostModel):
    """The mult-adds of convolutions and dense layers for one image."""

    name: ClassVar = "mult_adds"
    words: ClassVar = "mult-adds"
    unit: ClassVar = "M"
    per_unit: ClassVar = _MILLION

    def of_part(self, part: NetworkPart) -> int:
        return _multiply_adds(part)


# A count needs the layer, and that of mult-adds its graph: each is made once.
@functools.cache
def _weights(part):
    return 0 if part.layer in WITHOUT_LAYER else count_weights(make_layer(part))


@functools.cache
def _multiply_adds(part):
    if part.layer in WITHOUT_LAYER:
        return 0
    return count_multiply_adds(make_layer(part))
