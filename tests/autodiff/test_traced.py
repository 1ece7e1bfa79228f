"""Tests of `darts_tf.autodiff.traced` that need no network."""

import pytest
import tensorflow as tf

from darts_tf.autodiff import dual
from darts_tf.autodiff.dual import Dual
from darts_tf.autodiff.recomputed import recomputed
from darts_tf.autodiff.traced import compiled_for_gpu, inlined, traced
from darts_tf.traced_device import supposed_gpu


@pytest.mark.parametrize("trace", [traced, inlined])
def test_a_recomputed_function_is_handed_what_it_kept(trace):
    """The gradient is that of kept / x, not of sum(x) / x."""

    def divide(structure, kept=None):
        total = tf.reduce_sum(structure["x"]) if kept is None else kept[0]
        return [total / structure["x"]], tf.shape(structure["x"]), [total]

    x = tf.constant([1.0, 4.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        (y,), shape = recomputed(divide, trace)({"x": x})
    assert y.numpy().tolist() == [5, 1.25] and shape.numpy().tolist() == [2]
    gradient = tape.gradient(y, x, tf.constant([1.0, 2.0]))
    assert gradient.numpy().tolist() == [-5, 2 * -5 / 16]


def _calls(step, jit_compile):
    """The functions that are called in the graph of a gradient."""

    @tf.function(autograph=False, jit_compile=jit_compile)
    def gradient(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = step(x)
        return tape.gradient(y, x)

    graph = gradient.get_concrete_function(tf.TensorSpec([2, 3])).graph
    return [op.name for op in graph.get_operations() if "Call" in op.type]


def _softmax(x, kept=None):
    return tf.nn.softmax(tf.concat([x, x], axis=1)), [], []


_STEPS = {
    "traced": lambda x: traced(_softmax)(x)[0],
    "compiled": lambda x: traced(_softmax, jit_compile=True)(x)[0],
    "recomputed": lambda x: recomputed(_softmax)(x)[0],
    "in a loop": lambda x: tf.scan(lambda y, z: traced(_softmax)(z)[0][:, :3], x[None]),
    "of Duals": lambda x: dual.forward(tf.nn.softmax, Dual(x, x)).tangent,
}


@pytest.mark.parametrize("name", _STEPS)
def test_where_xla_compiles_the_step_no_functions_are_called(name):
    """What a gradient takes from them would be constants, compiled anew each time."""
    assert name == "in a loop" or _calls(_STEPS[name], jit_compile=False)
    assert not _calls(_STEPS[name], jit_compile=True)


def test_one_program_on_a_gpu():
    function = compiled_for_gpu(lambda x: tf.nn.softmax(2.0 * x))
    assert not _calls(function, jit_compile=False)
    with supposed_gpu():
        assert _calls(function, jit_compile=False)
        assert not _calls(function, jit_compile=True)
