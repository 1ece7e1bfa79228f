"""The skeletons in which NASNet, PNAS and ENAS stand, and AmoebaNet as NASNet."""

from collections.abc import Iterable

from darts_tf.convolutional.input_rules import ENAS, NASNET
from darts_tf.convolutional.skeleton import (
    STEMS,
    PlacedCell,
    Skeleton,
    StemConvolution,
)
from darts_tf.errors import invalid_value

NORMAL, REDUCE = "normal", "reduce"
# Channels of the convolution before the cells for large images, whatever the others.
_IMAGENET_FILTERS = 32


def nasnet_skeleton(
    num_cells: int, init_channels: int, stem: str = "cifar"
) -> Skeleton:
    """Returns the skeleton of NASNet (arXiv 1707.07012, figure 2).

    Normal cells in three stages, and between them reduction cells, which double the
    channels. Each cell reads the outputs of the two before it. An auxiliary head may be
    after the last cell before the second reduction, as in the authors' code.

    Args:
        num_cells: Number of normal cells, 3N: a reduction cell is before number
            `num_cells // 3`, and one before number `2 * num_cells // 3`.
        init_channels: Channels F of the first normal cells.
        stem: `"cifar"` for small images: a convolution to 3F channels; or `"imagenet"`
            for large ones: a convolution to 32 channels, of stride 2 and without
            padding, and two reduction cells of F // 4 and F // 2 channels.

    Raises:
        ValueError: If there is no such stem.
    """
    reductions = (num_cells // 3, 2 * num_cells // 3)
    places = _stem_places(REDUCE, init_channels, stem)
    channels = init_channels
    for index in range(num_cells):
        for _ in range(reductions.count(index)):
            channels *= 2
            places.append((REDUCE, channels, 2))
            second_reduction = len(places) - 1
        places.append((NORMAL, channels, 1))
    return _skeleton(places, init_channels, stem, second_reduction - 1)


def pnas_skeleton(num_cells: int, init_channels: int, stem: str = "cifar") -> Skeleton:
    """Returns the skeleton of PNAS (arXiv 1712.00559, figure 1), of one kind of cell.

    It is that of NASNet without the cells between the stages: the first cell of a stage
    halves the sides and doubles the channels instead, and so do those in the stem.

    Args:
        num_cells: Number of cells, 3N, without those in the stem; numbers
            `num_cells // 3` and `2 * num_cells // 3` have stride 2.
        init_channels: Channels F of the first cells.
        stem: As of `nasnet_skeleton`, with cells of this kind in it.

    Raises:
        ValueError: If there is no such stem.
    """
    reductions = (num_cells // 3, 2 * num_cells // 3)
    places = _stem_places(NORMAL, init_channels, stem)
    auxiliary_after = max(len(places) + reductions[-1] - 1, 0)
    channels = init_channels
    for index in range(num_cells):
        stride = 2 if index in reductions else 1
        channels *= stride
        places.append((NORMAL, channels, stride))
    return _skeleton(places, init_channels, stem, auxiliary_after)


def enas_skeleton(num_cells: int, init_channels: int) -> Skeleton:
    """Returns the skeleton of ENAS for small images (arXiv 1802.03268, section 2.4).

    As the authors' code has it: reduction cells in places `num_cells // 3` and
    `2 * (num_cells // 3) + 1` of all, which double the channels; each cell reads the
    outputs of the two before it. The classifier has no bias.

    Args:
        num_cells: Number L of normal cells; there are two more cells.
        init_channels: Channels F of the first cells; the stem has 3F.
    """
    third = num_cells // 3
    reductions = (third, 2 * third + 1)
    places, channels = [], init_channels
    for index in range(num_cells + 2):
        channels *= 2 if index in reductions else 1
        kind = (REDUCE, channels, 2) if index in reductions else (NORMAL, channels, 1)
        places.append(kind)
    return Skeleton(
        (StemConvolution(3 * init_channels, 1, False),),
        _placed(places),
        auxiliary_after=reductions[-1] + 1,
        input_rule=ENAS,
        last_relu=True,
        classifier_bias=False,
    )


def _stem_places(kind, init_channels, stem):
    """What a stem has of cells: kind, channels and stride of each."""
    if stem not in STEMS:
        raise invalid_value("stem", f"one of {', '.join(STEMS)}", stem)
    quarters = (4, 2) if stem == "imagenet" else ()
    return [(kind, init_channels // quarter, 2) for quarter in quarters]


def _skeleton(places, init_channels, stem, auxiliary_after):
    convolution = StemConvolution(3 * init_channels, 1, False)
    if stem == "imagenet":
        convolution = StemConvolution(_IMAGENET_FILTERS, 2, False, "valid")
    return Skeleton(
        (convolution,),
        _placed(places),
        auxiliary_after=auxiliary_after,
        input_rule=NASNET,
        last_relu=True,
    )


def _placed(places: Iterable[tuple[str, int, int]]) -> tuple[PlacedCell, ...]:
    """Cells that read the two outputs before them, the first one the stem twice."""
    return tuple(
        PlacedCell(*place, (max(index - 2, -1), index - 1))
        for index, place in enumerate(places)
    )
