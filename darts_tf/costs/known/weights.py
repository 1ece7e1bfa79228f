"""The weights of a network."""

import functools
from typing import ClassVar

from darts_tf.costs.cost_model import WITHOUT_LAYER, CostModel, NetworkPart
from darts_tf.costs.part_layers import make_layer
from darts_tf.weight_count import count_weights


class Weights(CostModel):
    """The number of trained weights, without moving statistics."""

    name: ClassVar = "weights"
    unit: ClassVar = "M weights"
    per_unit: ClassVar = 1e6

    def of_part(self, part: NetworkPart) -> int:
        return _weights(part)


# It needs the layer, which is made once for all equal parts.
@functools.cache
def _weights(part):
    return 0 if part.layer in WITHOUT_LAYER else count_weights(make_layer(part))
