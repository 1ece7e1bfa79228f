"""How a cell makes its states of the outputs that it reads, as data."""

from collections.abc import Sequence
from typing import NamedTuple

PREPROCESS, IDENTITY, NASNET, ENAS = "preprocess", "identity", "nasnet", "enas"
INPUT_RULES = (PREPROCESS, IDENTITY, NASNET, ENAS)

# The layers that an output goes through, each a ReLU, a 1x1 convolution, which in a
# reduction is a factorized one of stride 2, and a normalization.
POINTWISE, REDUCTION = "pointwise", "reduction"


class CellInput(NamedTuple):
    """An output that a cell reads.

    Attributes:
        number: As in `PlacedCell.inputs`.
        channels: Its number of channels.
        is_larger: Whether it is twice as large as the last one that the cell reads.
    """

    number: int
    channels: int
    is_larger: bool


def input_layers(
    rule: str, inputs: Sequence[CellInput], channels: int
) -> tuple[tuple[str, ...], ...]:
    """Returns the layers through which a cell takes each of its inputs.

    Args:
        rule: One of `INPUT_RULES`, see `Skeleton`.
        inputs: What the cell reads.
        channels: Number of channels of its states.

    Returns:
        For each input `"pointwise"` or `"reduction"`, none for one that is a state as
        it is, or two.
    """
    if rule == IDENTITY:
        return ((),) * len(inputs)
    if rule == PREPROCESS:
        # What cells read last is as large as itself.
        return tuple((REDUCTION if x.is_larger else POINTWISE,) for x in inputs)
    *others, last = inputs
    of_others = tuple(
        () if rule == NASNET and x.number == last.number else _fitted(x, channels)
        for x in others
    )
    of_last = _fitted(last, channels) if rule == ENAS else ()
    return (*of_others, (*of_last, POINTWISE))


def _fitted(x, channels):
    """The layers that an output needs to have the size and the channels of a state."""
    if x.is_larger:
        return (REDUCTION,)
    return () if x.channels == channels else (POINTWISE,)


def darts_layers(
    num_inputs: int, reduction_before: bool, preprocessed: bool = True
) -> tuple[tuple[str, ...], ...]:
    """Returns the layers of the inputs of a cell of DARTS, or of one by identity.

    Args:
        num_inputs: Number of inputs.
        reduction_before: Whether the first of two is twice as large as the other.
        preprocessed: Whether they go through any.
    """
    if not preprocessed:
        return ((),) * num_inputs
    if num_inputs == 2 and reduction_before:
        return ((REDUCTION,), (POINTWISE,))
    return ((POINTWISE,),) * num_inputs
