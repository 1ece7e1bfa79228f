"""The skeletons of NASNet, PNAS and ENAS."""

import json

import pytest

from darts_tf.convolutional.skeleton import Skeleton, StemConvolution
from darts_tf.spaces.published_skeletons import (
    enas_skeleton,
    nasnet_skeleton,
    pnas_skeleton,
)

SKELETONS = {
    "S10": nasnet_skeleton(18, 32),
    "SIN": nasnet_skeleton(12, 44, "imagenet"),
    "P10": pnas_skeleton(9, 48),
    "PIN": pnas_skeleton(9, 54, "imagenet"),
    "E10": enas_skeleton(18, 36),
}


def places(skeleton):
    """Runs of cells of equal kind, channels and stride, each with its length."""
    found = []
    for cell in skeleton.cells:
        place = (cell.kind, cell.channels, cell.stride)
        if found and found[-1][1] == place:
            found[-1] = (found[-1][0] + 1, place)
        else:
            found.append((1, place))
    return found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "S10",
            [
                (6, ("normal", 32, 1)),
                (1, ("reduce", 64, 2)),
                (6, ("normal", 64, 1)),
                (1, ("reduce", 128, 2)),
                (6, ("normal", 128, 1)),
            ],
        ),
        (
            "SIN",
            [
                (1, ("reduce", 11, 2)),
                (1, ("reduce", 22, 2)),
                (4, ("normal", 44, 1)),
                (1, ("reduce", 88, 2)),
                (4, ("normal", 88, 1)),
                (1, ("reduce", 176, 2)),
                (4, ("normal", 176, 1)),
            ],
        ),
        (
            "P10",
            [
                (3, ("normal", 48, 1)),
                (1, ("normal", 96, 2)),
                (2, ("normal", 96, 1)),
                (1, ("normal", 192, 2)),
                (2, ("normal", 192, 1)),
            ],
        ),
        (
            "PIN",
            [
                (1, ("normal", 13, 2)),
                (1, ("normal", 27, 2)),
                (3, ("normal", 54, 1)),
                (1, ("normal", 108, 2)),
                (2, ("normal", 108, 1)),
                (1, ("normal", 216, 2)),
                (2, ("normal", 216, 1)),
            ],
        ),
        (
            "E10",
            [
                (6, ("normal", 36, 1)),
                (1, ("reduce", 72, 2)),
                (6, ("normal", 72, 1)),
                (1, ("reduce", 144, 2)),
                (6, ("normal", 144, 1)),
            ],
        ),
    ],
)
def test_cells(name, expected):
    assert places(SKELETONS[name]) == expected
    cells = SKELETONS[name].cells
    inputs = [cell.inputs for cell in cells]
    assert inputs[:3] == [(-1, -1), (-1, 0), (0, 1)]
    assert inputs[-1] == (len(cells) - 3, len(cells) - 2)


def test_stems_and_ends():
    convolution = StemConvolution(32, 2, False, "valid")
    assert SKELETONS["SIN"].stem == SKELETONS["PIN"].stem == (convolution,)
    widths = {name: SKELETONS[name].stem[0].filters for name in ("S10", "P10", "E10")}
    assert widths == {"S10": 96, "P10": 144, "E10": 108}
    assert all(skeleton.last_relu for skeleton in SKELETONS.values())
    biases = {name: skeleton.classifier_bias for name, skeleton in SKELETONS.items()}
    assert biases == {"S10": True, "SIN": True, "P10": True, "PIN": True, "E10": False}


@pytest.mark.parametrize(
    ("name", "index"), [("S10", 12), ("SIN", 10), ("P10", 5), ("PIN", 7), ("E10", 14)]
)
def test_an_auxiliary_head_is_where_the_papers_have_it(name, index):
    assert SKELETONS[name].auxiliary_after == index


@pytest.mark.parametrize("num_cells", range(1, 8))
def test_reductions_of_any_number_of_cells(num_cells):
    """The two conventions agree for multiples of three alone."""
    thirds = (num_cells // 3, 2 * num_cells // 3)
    of_nasnet = [thirds[0], thirds[1] + 1]
    of_enas = [num_cells // 3, 2 * (num_cells // 3) + 1]
    of_pnas = sorted(set(thirds))
    for skeleton, expected in (
        (nasnet_skeleton(num_cells, 4), of_nasnet),
        (enas_skeleton(num_cells, 4), of_enas),
        (pnas_skeleton(num_cells, 4), of_pnas),
    ):
        cells = skeleton.cells
        assert [i for i, cell in enumerate(cells) if cell.stride == 2] == expected
        assert sum(cell.kind == "normal" for cell in cells) == num_cells


def test_layers_of_inputs():
    """The first cell has the stem as it is, a reduced size is halved once."""
    channels = {
        -1: 96,
        **{i: 6 * c.channels for i, c in enumerate(SKELETONS["S10"].cells)},
    }
    layers = [SKELETONS["S10"].input_layers(i, channels) for i in range(9)]
    one, halved = ("pointwise",), ("reduction",)
    assert layers == [((), one), *[(one, one)] * 6, (halved, one), (one, one)]
    channels = {-1: 108, **dict.fromkeys(range(20), 180)}
    layers = [SKELETONS["E10"].input_layers(i, channels) for i in range(9)]
    two = (*one, *one)
    assert layers == [(one, two)] * 7 + [(halved, two), (one, two)]


@pytest.mark.parametrize("skeleton", SKELETONS.values(), ids=SKELETONS)
def test_to_json_and_back(skeleton):
    assert Skeleton.from_dict(json.loads(json.dumps(skeleton.to_dict()))) == skeleton


@pytest.mark.parametrize("make", [nasnet_skeleton, pnas_skeleton])
def test_an_unknown_stem(make):
    with pytest.raises(ValueError, match="`stem`, expected one of cifar, imagenet"):
        make(3, 8, "mnist")
