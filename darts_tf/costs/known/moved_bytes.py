"""The bytes that the layers of a network move, for which a memory must be fast."""

import math
from typing import ClassVar

from darts_tf.costs.cost_model import CALL, OUTPUT, CostModel, NetworkPart
from darts_tf.costs.known.weights import Weights
from darts_tf.costs.part_layers import is_passed_on

_BYTES_OF_FLOAT32 = 4


class MovedBytes(CostModel):
    """The bytes that a part reads and writes for one image, in float32.

    A part reads its input and its weights once, and writes its output; what it keeps in
    between, as after each of several convolutions, does not count. An identity moves
    nothing.
    """

    name: ClassVar = "moved_bytes"
    unit: ClassVar = "M bytes moved"
    per_unit: ClassVar = 1e6

    def of_part(self, part: NetworkPart) -> int:
        if part.layer == CALL or is_passed_on(part):
            return 0
        values = _read(part) + Weights().of_part(part) + math.prod(part.output)
        return _BYTES_OF_FLOAT32 * values


def _read(part):
    channels = part.channels if part.layer == OUTPUT else part.inputs
    return part.height * part.width * channels
