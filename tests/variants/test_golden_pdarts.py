"""P-DARTS against numbers that its authors' code computed in float64."""

import dataclasses
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.edges import skip_dropout
from darts_tf.convolutional.edges.skip_dropout import SkipDropout
from darts_tf.convolutional.stages import strongest
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.method.methods import DARTS
from darts_tf.method.network_loss import RelaxedObjective
from darts_tf.method.relaxations import softmax
from darts_tf.method.schedule import Schedule
from darts_tf.method.selections import FewSkips
from darts_tf.method.slots import Progress
from darts_tf.space.cell_space import CellSpace
from darts_tf.space.search_space import SearchSpace, convolutional_space
from darts_tf.tasks.configuration import configured
from tests.variants.golden_variants import (
    TOLERANCE,
    batch,
    check_quantity,
    compiled,
    each_quantity,
    make_model,
    make_network,
    named_alphas,
    named_weights,
    read_json,
    runs,
)

SKIP = "skip_connect"
STAGE_EPOCHS, FROZEN_EPOCHS = 25, 10


def _space(golden, primitives):
    """The space of a stage: some of the operations on each edge."""
    cells = []
    for kind in ("normal", "reduce"):
        operations = tuple(
            tuple(name for name, kept in zip(primitives, row) if kept)
            for row in golden[f"switches_{kind}"]
        )
        cells.append(CellSpace(kind, 2, 2, operations, keeps_none=True))
    return SearchSpace("stage", tuple(cells))


def _renamed(key):
    """The name of an array as the files of DARTS' network have it."""
    return key.replace("cell_ops", "_ops").replace("m_ops", "_ops")


@pytest.fixture(scope="module")
def run(golden_folder, float64_module):
    return runs(golden_folder, {"pdarts": _compute}, _renamed)


def _compute(golden, settings):
    space = _space(golden, settings["primitives"])
    method = dataclasses.replace(DARTS, edge=SkipDropout())
    network = make_network(golden, settings, method, space=space)
    names, results = _dropped_edges(network), {}
    gradients = _compiled_gradients(make_model(network))
    for name, rate in settings["dropout"].items():
        masks = [_mask(golden[f"kept/{name}/{edge}"]) for edge in names]
        rate = tf.constant(rate, tf.float64)
        found = gradients(*batch(golden, name.partition("_")[0]), rate, masks)
        results[f"logits_{name}_0"] = found.aux[0]
        results[f"loss_{name}_0"] = found.loss
        results |= named_alphas("grad_", network, found.alpha, f"/{name}")
        if name == "train":
            results |= named_weights("grad_w/", network, found.w)
    assert {f"kept/train/{x}" for x in names} == {
        key for key in golden if key.startswith("kept/train/")
    }
    return results


def _mask(kept):
    return tf.constant(kept.transpose(0, 2, 3, 1))


def _dropped_edges(network):
    """Golden names of the skip connections with dropout, in the order of the calls."""
    return [
        f"cells.{index}._ops.{cell.space.row(node, fan.source)}"
        f"._ops.{fan.operations.index(SKIP)}.1"
        for index, cell in enumerate(network.cells)
        for fan, layer in zip(cell.fans, cell.mixed_ops)
        if getattr(layer, "column", None) is not None
        for node in fan.nodes
    ]


def _compiled_gradients(model):
    """Function of a batch, a rate and recorded masks that returns `Gradients`."""
    seed = tf.constant([0, 0], tf.int64)

    @compiled
    def gradients(images, labels, rate, masks):
        drawn = {kind: [None, (rate, seed)] for kind in ("normal", "reduce")}
        # Masks are arguments, so that one graph serves all passes.
        objective = RelaxedObjective(
            model.network_loss.untraced_on_batch(images, labels),
            lambda alpha: model.network.coefficients(alpha, drawn),
        )
        with mock.patch.object(skip_dropout, "kept_mask", side_effect=masks) as draw:
            found = objective.gradients(*model._values())
        assert draw.call_count == len(masks)
        return found

    return gradients


@each_quantity("pdarts")
def test_golden_quantity(run, name, pattern, record_property):
    check_quantity(*run(name), pattern, record_property)


def test_golden_dropout_by_epoch(golden_folder):
    settings = read_json(golden_folder, "pdarts")
    for stage, schedule in zip(settings["stages"], settings["schedule"]):
        first = STAGE_EPOCHS * schedule["stage"]
        edge = SkipDropout(
            stage["initial_dropout"], FROZEN_EPOCHS, STAGE_EPOCHS, first_epoch=first
        )
        rates = [
            edge.rate_at(Progress(tf.constant(0), tf.constant(first + epoch)))
            for epoch in range(STAGE_EPOCHS)
        ]
        np.testing.assert_allclose(
            rates, schedule["dropout_by_epoch"], rtol=TOLERANCE, atol=0
        )


def test_golden_epochs_without_alpha(golden_folder):
    moves = Schedule(FROZEN_EPOCHS).moves_architecture
    for stage in read_json(golden_folder, "pdarts")["schedule"]:
        expected = stage["alpha_trained_by_epoch"]
        assert [moves(epoch) for epoch in range(len(expected))] == expected


def test_golden_sizes_of_the_stages(golden_folder):
    config = configured(SearchConfig(), method="p_darts")
    cells, rates = (
        (getattr(config, name), *getattr(config, f"stage_{name}"))
        for name in ("layers", "skip_dropout")
    )
    stages = read_json(golden_folder, "pdarts")["stages"]
    assert stages == [
        {"C": config.init_channels, "layers": layers, "initial_dropout": rate}
        for layers, rate in zip(cells, rates, strict=True)
    ]


def test_golden_operations_of_the_stages(golden_folder):
    content = read_json(golden_folder, "pdarts_derive")
    names = content["primitives"]
    for case in content["cases"]:
        space = convolutional_space(names)
        for number in range(1, 3):
            kept = {}
            for cell in space.cells:
                alpha = np.array(case["alphas"][cell.kind][number - 1])
                count = {1: 5, 2: 3}[number]
                kept[cell.kind] = strongest(cell, softmax(alpha), count)
            space = space.with_operations(kept)
            for kind, rows in kept.items():
                expected = case["kept_before_stage"][kind][number]
                assert [[names.index(x) for x in row] for row in rows] == expected


def test_golden_derivations(golden_folder):
    content = read_json(golden_folder, "pdarts_derive")
    space = convolutional_space(content["primitives"])
    for case in content["cases"]:
        strengths = {kind: _last_strengths(case, kind, space) for kind in space.kinds}
        assert _by_source(space.derive(strengths)) == case["genotype"]
        for most, expected in case["genotype_by_max_skips"]:
            found = FewSkips(most).genotype(space, strengths)
            assert _by_source(found) == expected
    assert any(len(case["genotype_by_max_skips"]) > 2 for case in content["cases"])


def _last_strengths(case, kind, space):
    """Those of the last stage, 0 for the operations that are no longer there."""
    strengths = np.zeros(space.of(kind).alpha_shape)
    kept = np.array(case["kept_before_stage"][kind][-1])
    of_kept = softmax(np.array(case["alphas"][kind][-1]))
    np.put_along_axis(strengths, kept, of_kept, axis=1)
    return strengths


def _by_source(genotype):
    """The edges of each cell in one list, those of a node in the order of sources."""
    return {
        kind: [
            [edge.primitive, edge.source]
            for node in cell.nodes
            for edge in sorted(node, key=lambda edge: edge.source)
        ]
        for kind, cell in genotype.cells.items()
    }
