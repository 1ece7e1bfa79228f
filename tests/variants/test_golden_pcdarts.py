"""PC-DARTS against numbers that its authors' code computed in float64."""

import dataclasses
import functools
import json

import numpy as np
import pytest
import tensorflow as tf

from benchmarks.golden_names import convolution_view, golden_views
from darts_tf.convolutional.convolution_unit import ConvolutionUnit
from darts_tf.convolutional.edges.partial_channels import PartialChannels
from darts_tf.convolutional.operations import elementwise
from darts_tf.convolutional.primitives import DARTS_PRIMITIVES
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.convolutional.skeleton import StemConvolution, darts_skeleton
from darts_tf.method.architecture import Architecture, strengths
from darts_tf.method.methods import DARTS
from darts_tf.optimization.optimizers import CoupledAdam, MomentumSGD
from darts_tf.space.search_space import convolutional_space
from tests.variants.golden_variants import (
    RADII,
    after_step,
    at_the_start,
    batch,
    check_quantity,
    compiled,
    each_quantity,
    genotype_lists,
    gradients_of,
    make_model,
    make_network,
    named_alphas,
    of_move,
    read_json,
    runs,
    second_orders,
)


class ImagenetNetwork(SearchNetwork):
    """The authors' network for ImageNet: three convolutions of stride 2 in the stem."""

    def _make_layers(self):
        channels = 3 * self.init_channels
        units = (channels // 2, 2, False), (channels, 2, True), (channels, 2, True)
        self.skeleton = dataclasses.replace(
            darts_skeleton(self.num_cells, self.init_channels, "imagenet"),
            stem=tuple(StemConvolution(*unit) for unit in units),
        )
        super()._make_layers()
        self.stem_units = [
            ConvolutionUnit(unit.filters, 3, unit.stride, unit.relu, dtype="float64")
            for unit in self.skeleton.stem
        ]

    def build(self, shape):
        self.architecture = Architecture(self.space, self.method, self.add_weight)
        shapes = {}
        for index, unit in enumerate(self.stem_units, start=-3):
            unit.build(shape)
            shapes[index] = shape = unit.compute_output_shape(shape)
        inputs, shapes = self.skeleton.next_inputs(-1, shapes)
        for index, cell in enumerate(self.cells):
            cell.build(inputs)
            shapes[index] = shape = cell.compute_output_shape(inputs)
            inputs, shapes = self.skeleton.next_inputs(index, shapes)
        self.pooling.build(shape)
        self.classifier.build(self.pooling.compute_output_shape(shape))
        self.built = True

    def call(self, x, training=False, constant_weights=False, coefficients=None):
        states = {}
        for index, unit in enumerate(self.stem_units, start=-3):
            x = unit(x, training=training)
            states[index] = elementwise.relu(x)
        inputs, states = self.skeleton.next_inputs(-1, states)
        for index, cell in enumerate(self.cells):
            output = cell(
                inputs=inputs,
                coefficients=coefficients[self.skeleton.cells[index].kind],
                training=training,
                constant_weights=constant_weights,
            )
            states[index] = elementwise.relu(output)
            inputs, states = self.skeleton.next_inputs(index, states)
        return self.classifier(self.pooling(output))


def _stem_views(network, array):
    names = ("stem0.0", "stem0.1"), ("stem0.3", "stem0.4"), ("stem1.1", "stem1.2")
    views = {}
    for unit, (convolution, normalization) in zip(network.stem_units, names):
        views[f"{convolution}.weight"] = convolution_view(array(unit.kernel))
        views[f"{normalization}.weight"] = array(unit.normalization.scale)
        views[f"{normalization}.bias"] = array(unit.normalization.offset)
    return views


IMAGENET_VIEWS = functools.partial(golden_views, of_ends=_stem_views)


@pytest.fixture(scope="module")
def run(golden_folder, float64_module):
    functions = {"pcdarts": _small_images, "pcdarts_imagenet": _large_images}
    return runs(golden_folder, functions)


@pytest.fixture(scope="module")
def run_second_order(golden_folder, float64_module):
    function = functools.partial(_small_images, radii=RADII)
    return runs(golden_folder, {"pcdarts": function})


def _method(settings):
    return dataclasses.replace(DARTS, edge=PartialChannels(settings["network"]["K"]))


def _optimizers(settings):
    step = settings["step"]
    return MomentumSGD(step["lr"]), CoupledAdam(step["arch_learning_rate"])


def _small_images(golden, settings, radii=None):
    """Two steps, with the gradients of second order where there are `radii`."""
    network = make_network(golden, settings, _method(settings))
    model = make_model(network, *_optimizers(settings))
    step_function = compiled(_step)
    results = {"genotype": genotype_lists(network.genotype())}
    for step in range(2):
        batches = [batch(golden, half, step) for half in ("train", "valid")]
        start, by_order, move = step_function(model, *batches, radii)
        if step == 0:
            results |= at_the_start(network, start)
        for name, gradients in by_order.items():
            results |= named_alphas(f"{name}/{step}/", network, gradients.alpha)
            results[f"unrolled_valid_loss/{step}"] = gradients.loss
        results |= of_move(network, step, *move) | after_step(network, step)
    marks = tf.reshape(tf.range(16), [1, 1, 1, 16])
    mixed, passed = tf.split(marks, [4, 12], axis=-1)
    shuffled = PartialChannels(4, False).state([(mixed, passed)])
    results["shuffle/channels"] = tf.reshape(shuffled, [16])
    return results


def _step(model, train, valid, radii):
    start = gradients_of(model, train)
    by_order = {} if radii is None else second_orders(model, train, valid, radii)
    return start, by_order, model._move(train, valid)


def _large_images(golden, settings):
    network = make_network(
        golden, settings, _method(settings), kind=ImagenetNetwork, views=IMAGENET_VIEWS
    )
    model = make_model(network, *_optimizers(settings))
    batches = [batch(golden, half) for half in ("train", "valid")]

    def step(model, train, valid):
        return gradients_of(model, train), model._move(train, valid)

    start, move = compiled(step)(model, *batches)
    return {
        **at_the_start(network, start, views=IMAGENET_VIEWS),
        **of_move(network, 0, *move),
        **after_step(network, 0, IMAGENET_VIEWS, "stem0.0.weight"),
    }


@each_quantity(
    "pcdarts",
    pytest.param("pcdarts_imagenet", marks=pytest.mark.long),
    order="first",
)
def test_golden_quantity(run, name, pattern, record_property):
    check_quantity(*run(name), pattern, record_property)


@pytest.mark.long
@each_quantity("pcdarts", order="second")
def test_golden_second_order(run_second_order, name, pattern, record_property):
    check_quantity(*run_second_order(name), pattern, record_property)


def test_golden_genotype(run):
    golden, results = run("pcdarts")
    assert results["genotype"] == json.loads(str(golden["genotype"]))


def test_golden_derivations(golden_folder):
    space = convolutional_space(DARTS_PRIMITIVES)
    method = dataclasses.replace(DARTS, edge=PartialChannels(4))
    for case in read_json(golden_folder, "pcdarts_derive"):
        arrays = {
            kind: {
                "alpha": np.array(case[f"alphas_{kind}"]),
                "beta": np.array(case[f"betas_{kind}"]),
            }
            for kind in space.kinds
        }
        genotype = space.derive(strengths(space, method, arrays))
        assert genotype_lists(genotype) == case["genotype"]
