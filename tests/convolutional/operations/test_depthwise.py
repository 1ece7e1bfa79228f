"""Value, both gradients and second derivative against a plain float64 form."""

import functools
import itertools
import os
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

from benchmarks.search_step.plain_network import plain_depthwise
from darts_tf.autodiff.named_gradients import for_inference
from darts_tf.convolutional.operations.depthwise import depthwise_conv2d

CASES = [
    *itertools.product([3, 5, 7], [1, 2], [1, 2], [(8, 8), (7, 9), (6, 16)], [4]),
    *itertools.product([1, 3], [1, 2], [1, 2], [(5, 4)], [1]),
]


def derivatives(convolve, x, kernel, cotangent, along, stride, dilation):
    """Value, gradients, and the gradient of the kernel's gradient along a direction."""
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch([x, kernel])
            y = convolve(x, kernel, stride, dilation)
            # Not linear, so that no second derivative vanishes.
            value = tf.reduce_sum(cotangent * y * y)
        gradients = inner.gradient(value, [x, kernel])
        directional = tf.reduce_sum(gradients[1] * along)
    return [y, *gradients, outer.gradient(directional, x)]


def inputs(size, stride, image, channels, dtype):
    random = np.random.default_rng(0)
    shape = [-(-n // stride) for n in image]
    arrays = (
        random.normal(size=(2, *image, channels)),
        random.normal(size=(size, size, channels, 1)),
        random.normal(size=(2, *shape, channels)),
        random.normal(size=(size, size, channels, 1)),
    )
    return [tf.constant(array, dtype) for array in arrays]


@functools.cache
def expected_derivatives(size, stride, dilation, image, channels):
    arguments = inputs(size, stride, image, channels, "float64")
    return derivatives(plain_depthwise, *arguments, stride, dilation)


@pytest.mark.parametrize("dtype, tolerance", [("float32", 1e-5), ("float64", 1e-12)])
@pytest.mark.parametrize("size, stride, dilation, image, channels", CASES)
def test_depthwise_against_plain(
    size, stride, dilation, image, channels, dtype, tolerance
):
    expected = expected_derivatives(size, stride, dilation, image, channels)

    @tf.function(autograph=False)
    def compute(*arguments):
        # As in the network: inside a function that is not inlined.
        convolve = tf.function(
            lambda x, kernel, *_: depthwise_conv2d(x, kernel, stride, dilation),
            autograph=False,
            experimental_attributes={"_noinline": True},
        )
        return derivatives(convolve, *arguments, stride, dilation)

    actual = compute(*inputs(size, stride, image, channels, dtype))
    for got, wanted in zip(actual, expected, strict=True):
        assert got.dtype == dtype
        error = np.abs(got.numpy() - wanted.numpy()).max()
        assert error <= tolerance * np.abs(wanted.numpy()).max()


@pytest.mark.parametrize("image", [(16, 16), (7, 9)])
@pytest.mark.parametrize("dilation", [1, 2])
def test_wherever_the_tape_is(dilation, image):
    """In eager execution, around a traced function, and in the graph itself.

    A tape in the graph heeds no gradient registered by name.
    """

    def results(function, x, kernel):
        with tf.GradientTape() as tape:
            tape.watch([x, kernel])
            y = function(x, kernel, 1, dilation)
        return [y, *tape.gradient(y, [x, kernel])]

    x, kernel, *_ = inputs(5, 1, image, 4, "float32")
    plain = results(plain_depthwise, x, kernel)
    eager = results(depthwise_conv2d, x, kernel)
    traced = results(tf.function(depthwise_conv2d, autograph=False), x, kernel)
    within = tf.function(results, autograph=False)(depthwise_conv2d, x, kernel)
    for expected, *others in zip(plain, eager, traced, within, strict=True):
        for other in others:
            np.testing.assert_allclose(other, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("size", [3, 5])
@pytest.mark.parametrize("image", [(16, 16), (7, 9)])
def test_graph_for_inference_runs_anywhere(size, image, monkeypatch):
    x, kernel, *_ = inputs(size, 1, image, 4, "float32")

    @tf.function(autograph=False)
    def infer(x):
        with for_inference():
            return depthwise_conv2d(x, kernel, dilation=2)

    graph = infer.get_concrete_function(x).graph
    nodes = graph.as_graph_def().node
    (convolution,) = (n for n in nodes if n.op == "DepthwiseConv2dNative")
    assert "_gradient_op_type" not in convolution.attr
    assert set(convolution.attr["dilations"].list.i) <= {1}
    expected = plain_depthwise(x, kernel, 1, 2)
    np.testing.assert_allclose(infer(x), expected, rtol=1e-4, atol=1e-4)
    # Nor does it say on what machine it was made.
    monkeypatch.setattr(tf.config, "list_logical_devices", lambda kind: [kind])
    again = tf.function(infer.python_function, autograph=False)
    operations = [
        [operation.type for operation in graph.get_operations()]
        for graph in (graph, again.get_concrete_function(x).graph)
    ]
    assert operations[0] == operations[1]


WITHOUT_ONEDNN = """
import tensorflow as tf
from benchmarks.search_step.plain_network import plain_depthwise
from darts_tf.convolutional.operations.depthwise import depthwise_conv2d

x = tf.random.stateless_normal([2, 16, 16, 4], [0, 1])
kernel = tf.random.stateless_normal([3, 3, 4, 1], [2, 3])

@tf.function(autograph=False)
def results(convolve):
    with tf.GradientTape() as tape:
        tape.watch([x, kernel])
        y = convolve(x, kernel, 1, 2)
    return [y, *tape.gradient(y, [x, kernel])]

for actual, expected in zip(results(depthwise_conv2d), results(plain_depthwise)):
    tf.debugging.assert_near(actual, expected, 1e-4, 1e-4)
print("equal")
"""


def test_without_onednn():
    # Benchmarks ask for it only where the variable is not set.
    environment = {**os.environ, "TF_ENABLE_ONEDNN_OPTS": "0"}
    arguments = [sys.executable, "-c", WITHOUT_ONEDNN]
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True)
    assert done.stdout == "equal\n", done.stderr
