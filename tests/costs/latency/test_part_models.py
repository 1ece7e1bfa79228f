"""The model of each part, and what is subtracted of its time."""

import dataclasses

import pytest

from darts_tf.costs.cost_model import LAYERS, NetworkPart
from darts_tf.costs.latency import part_models
from darts_tf.costs.latency.part_models import (
    FRAME,
    SUM,
    addition,
    costs_nothing,
    frames,
    make_model,
    net_time,
)

OPERATION = NetworkPart("operation", "sep_conv_3x3", 1, 4, 4, 7, 5)
CALL = NetworkPart("call", "", 1, 3, 3, 8, 8)
# A part of each layer, and the shapes of the convolutions around it.
PARTS = {
    OPERATION: [(7, 5, 4), (7, 5, 4)],
    NetworkPart("operation", "max_pool_3x3", 2, 4, 6, 7, 5): [(7, 5, 4), (4, 3, 6)],
    NetworkPart("stem", "", 2, 3, 6, 9, 8, "valid"): [(9, 8, 3), (4, 3, 6)],
    NetworkPart("stem", "", 2, 3, 6, 9, 8, relu=True): [(9, 8, 3), (5, 4, 6)],
    NetworkPart("preprocess", "", 2, 6, 4, 7, 7): [(7, 7, 6), (4, 4, 4)],
    NetworkPart("residual", "", 2, 4, 8, 7, 7): [(7, 7, 4), (4, 4, 8)],
    NetworkPart("last_normalization", "", 1, 4, 4, 7, 7): [(7, 7, 4)] * 2,
    NetworkPart("classifier", "", 1, 4, 10, 7, 7): [(7, 7, 4), (1, 1, 10)],
    NetworkPart(SUM, "", 1, 4, 4, 7, 7): [(7, 7, 4)] * 3,
    NetworkPart("output", "", 1, 4, 12, 7, 7): [(7, 7, 4)] * 3 + [(7, 7, 12)],
    NetworkPart("output", "", 1, 4, 4, 7, 7, relu=True): [(7, 7, 4)] * 2,
    NetworkPart(FRAME, "", 1, 4, 4, 7, 7): [(7, 7, 4)] * 2,
    CALL: [],
}


def test_each_layer_is_here():
    assert {part.layer for part in PARTS} == {*LAYERS, FRAME, SUM}


@pytest.mark.parametrize("part", PARTS)
def test_the_convolutions_around_it(part, monkeypatch):
    """They have the shapes that are subtracted, and are nothing else."""
    made, original = [], part_models._convolved

    def convolved(x, channels):
        made.append((*x.shape[1:], channels))
        return original(x, channels)

    monkeypatch.setattr(part_models, "_convolved", convolved)
    model = make_model(part)
    assert model.input_shape == (None, part.height, part.width, part.inputs)
    assert made == [(*shape, shape[-1]) for shape in PARTS[part]]
    expected = [(x.height, x.width, x.inputs) for x in frames(part)]
    assert expected == PARTS[part]
    assert all(x.layer == FRAME and x.inputs == x.channels for x in frames(part))


@pytest.mark.parametrize("part", [x for x in PARTS if x.layer != FRAME])
def test_the_time_without_the_frame(part):
    """Where a call takes 3, each convolution 5 and a part 7, the part takes 7."""

    def time_of(model):
        if model == CALL:
            return 3
        own = 0 if model.layer == FRAME else 7
        return 3 + 5 * len(frames(model)) + own

    assert net_time(part, CALL, time_of) == (3 if part == CALL else 7)


def test_what_a_runtime_has_nothing_to_do_for():
    def is_free(primitive, **sizes):
        part = dataclasses.replace(OPERATION, primitive=primitive, **sizes)
        return costs_nothing(part)

    assert is_free("skip_connect") and is_free("identity")
    assert not is_free("skip_connect", stride=2)
    assert not is_free("skip_connect", channels=6)
    assert is_free("none") and is_free("none", stride=2)
    assert not is_free("avg_pool_3x3")
    free = [part for part in PARTS if costs_nothing(part)]
    assert free == []
    assert costs_nothing(NetworkPart("output", "", 1, 4, 4, 7, 7))


def test_the_addition_of_results():
    reduction = dataclasses.replace(OPERATION, stride=2, channels=6)
    assert addition(OPERATION) == NetworkPart(SUM, "", 1, 4, 4, 7, 5)
    assert addition(reduction) == NetworkPart(SUM, "", 1, 6, 6, 4, 3)
