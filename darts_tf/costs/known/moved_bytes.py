"""The bytes that the layers of a network move, for which a memory must be fast."""

from typing import ClassVar

from darts_tf.convolutional.primitives import get_primitive
from darts_tf.convolutional.primitives.darts_primitives import SkipConnect
from darts_tf.costs.cost_model import (
    CALL,
    CLASSIFIER,
    OPERATION,
    OUTPUT,
    CostModel,
    NetworkPart,
)
from darts_tf.costs.known.weights import Weights

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
        if part.layer == CALL or _is_passed_on(part):
            return 0
        values = _read(part) + Weights().of_part(part) + _written(part)
        return _BYTES_OF_FLOAT32 * values


def _is_passed_on(part: NetworkPart) -> bool:
    """Whether a part is an identity, or zeros that nobody computes."""
    if part.layer != OPERATION:
        return False
    primitive = get_primitive(part.primitive)
    is_same = part.stride == 1 and part.inputs == part.channels
    return primitive.is_zero or (isinstance(primitive, SkipConnect) and is_same)


def _read(part):
    channels = part.channels if part.layer == OUTPUT else part.inputs
    return part.height * part.width * channels


def _written(part):
    if part.layer == CLASSIFIER:
        return part.channels
    lost = 0 if part.padding == "same" else 2
    height, width = (-(-(x - lost) // part.stride) for x in (part.height, part.width))
    return height * width * part.channels
