"""The macro architecture: DARTS' own, and what a skeleton refuses."""

import dataclasses
import json

import pytest

from darts_tf.convolutional.skeleton import (
    PlacedCell,
    Skeleton,
    StemConvolution,
    darts_skeleton,
    staged_skeleton,
)


def _reductions(skeleton):
    cells = skeleton.cells
    return [index for index, cell in enumerate(cells) if cell.kind == "reduce"]


@pytest.mark.parametrize(
    ("num_cells", "reductions", "auxiliary_after"),
    [
        (1, [0], 0),
        (2, [0, 1], 1),
        (3, [1, 2], 2),
        (8, [2, 5], 5),
        (14, [4, 9], 9),
        (20, [6, 13], 13),
    ],
)
def test_cells_of_darts(num_cells, reductions, auxiliary_after):
    skeleton = darts_skeleton(num_cells, 16)
    assert len(skeleton.cells) == num_cells
    assert _reductions(skeleton) == reductions
    assert skeleton.auxiliary_after == auxiliary_after
    channels = 16
    for index, cell in enumerate(skeleton.cells):
        assert (cell.stride == 2) == (index in reductions)
        channels *= cell.stride
        assert cell.channels == channels
        assert skeleton.reduces_first_input(index) == (index - 1 in reductions)
    assert skeleton.halvings(num_cells - 1) == len(reductions)


def test_inputs_are_the_two_outputs_before():
    for stem, first in (("cifar", (-1, -1)), ("imagenet", (-2, -1))):
        inputs = [cell.inputs for cell in darts_skeleton(4, 8, stem).cells]
        assert inputs == [first, (-1, 0), (0, 1), (1, 2)]


def test_stems():
    assert darts_skeleton(3, 8).stem == (StemConvolution(24, 1, False),)
    skeleton = darts_skeleton(3, 8, "imagenet")
    assert skeleton.stem == (
        StemConvolution(4, 2, False),
        StemConvolution(8, 2, True),
        StemConvolution(8, 2, True),
    )
    assert [skeleton.halvings(output) for output in (-3, -2, -1)] == [1, 2, 3]
    assert skeleton.halvings(2) == 5
    assert skeleton.reduces_first_input(0) and not skeleton.reduces_first_input(1)


def test_other_reductions():
    assert _reductions(darts_skeleton(4, 8, reductions=[3, 0, 3])) == [0, 3]
    assert _reductions(darts_skeleton(4, 8, reductions=[])) == []
    with pytest.raises(ValueError, match="`reductions`, expected indices of cells"):
        darts_skeleton(4, 8, reductions=[4])
    with pytest.raises(ValueError, match="`stem`, expected one of cifar, imagenet"):
        darts_skeleton(4, 8, "mnist")


def test_only_what_is_read_later_is_kept():
    skeleton = darts_skeleton(3, 8)
    inputs, states = skeleton.next_inputs(-1, {-1: "stem", -2: "images"})
    assert (inputs, states) == (["stem", "stem"], {-1: "stem"})
    inputs, states = skeleton.next_inputs(0, {**states, 0: "a"})
    assert (inputs, states) == (["stem", "a"], {-1: "stem", 0: "a"})
    inputs, states = skeleton.next_inputs(1, {**states, 1: "b"})
    assert (inputs, states) == (["a", "b"], {0: "a", 1: "b"})
    assert skeleton.next_inputs(2, {**states, 2: "c"}) == ([], {})


def test_one_kind_of_cell_may_have_either_stride():
    cells = (PlacedCell("only", 8, 1, (-1,)), PlacedCell("only", 16, 2, (0,)))
    skeleton = dataclasses.replace(darts_skeleton(2, 8), cells=cells)
    assert [skeleton.halvings(index) for index in (0, 1)] == [0, 1]
    assert not skeleton.reduces_first_input(1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"stem": ()}, "`stem`, expected one or more"),
        ({"cells": ()}, "`cells`, expected one or more"),
        ({"stem": (StemConvolution(8, 3, False),)}, "`stride`, expected 1 or 2"),
        ({"cells": (PlacedCell("only", 8, 0, (-1,)),)}, "`stride`, expected 1 or 2"),
        (
            {"cells": (PlacedCell("only", 8, 1, (0,)),)},
            r"`cells\[0\].inputs`, .* of -1",
        ),
        ({"cells": (PlacedCell("only", 8, 1, ()),)}, r"`cells\[0\].inputs`, expected"),
        (
            {"stem": (StemConvolution(8, 1, False, "full"),)},
            "`padding`, expected same or valid",
        ),
        ({"auxiliary_after": 2}, "`auxiliary_after`, expected the number of a cell"),
        ({"input_rule": "none"}, "`input_rule`, expected one of preprocess"),
        ({"input_rule": "identity"}, r"`cells\[0\].inputs`, expected one"),
        (
            {"cells": (PlacedCell("residual", 8, 1, (-1,)),)},
            r"`cells\[0\].stride`, expected 2",
        ),
    ],
)
def test_malformed_skeletons_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(darts_skeleton(2, 8), **changes)


@pytest.mark.parametrize(
    ("num_cells", "blocks"), [(15, [5, 11]), (3, [1, 3]), (2, [0, 2]), (1, [0, 1])]
)
def test_three_stages(num_cells, blocks):
    skeleton = staged_skeleton(num_cells, 8)
    cells = skeleton.cells
    assert [i for i, cell in enumerate(cells) if cell.kind == "residual"] == blocks
    assert len(cells) == num_cells + 2
    channels = 8
    for index, cell in enumerate(cells):
        channels *= cell.stride
        assert (cell.channels, cell.inputs) == (channels, (index - 1,))
        assert (cell.stride == 2) == (index in blocks)
    assert skeleton.stem == (StemConvolution(8, 1, False),)
    assert skeleton.last_normalized and not skeleton.normalized_pools


@pytest.mark.parametrize(
    "skeleton", [darts_skeleton(3, 8, "imagenet"), staged_skeleton(3, 8)]
)
def test_to_json_and_back(skeleton):
    content = json.loads(json.dumps(skeleton.to_dict()))
    assert Skeleton.from_dict(content) == skeleton
    del content["stem"]
    with pytest.raises(ValueError, match="expected that of a `Skeleton`"):
        Skeleton.from_dict(content)


def test_the_stem_is_read_by_the_first_cell_if_by_any():
    cells = (PlacedCell("only", 8, 1, (-1,)), PlacedCell("only", 8, 1, (-3, 0)))
    with pytest.raises(
        ValueError, match=r"`cells\[1\].inputs`, expected some of -1, 0"
    ):
        dataclasses.replace(darts_skeleton(2, 8, "imagenet"), cells=cells)


def test_what_an_earlier_release_wrote_is_read():
    """It lacks what has come since."""
    content = darts_skeleton(3, 8, "imagenet").to_dict()
    del content["last_relu"], content["classifier_bias"]
    for unit in content["stem"]:
        del unit["padding"]
    assert Skeleton.from_dict(content) == darts_skeleton(3, 8, "imagenet")
