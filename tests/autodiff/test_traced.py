"""Tests of `darts_tf.autodiff.traced` that need no network."""

import resource
from concurrent.futures import ThreadPoolExecutor

import pytest
import tensorflow as tf

from darts_tf.autodiff import dual
from darts_tf.autodiff.dual import Dual
from darts_tf.autodiff.recomputed import recomputed
from darts_tf.autodiff.traced import inlined, traced
from darts_tf.autodiff.tracing_speed import with_room_for_frames

_CALLS = 1000


def _pages_mapped(depth):
    """Pages that the system maps for a loop of calls at this depth of calls."""
    if depth:
        return _pages_mapped(depth - 1)
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    for _ in range(_CALLS):
        _nothing()
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before


def _nothing():
    pass


def _most_pages_mapped():
    return max(map(_pages_mapped, range(300)))


def test_calls_map_no_memory_where_there_is_room_for_frames():
    # In a thread of their own, whose first chunk of frames is a small one.
    with ThreadPoolExecutor(1) as thread:
        without_room = thread.submit(_most_pages_mapped).result()
        with_room = thread.submit(with_room_for_frames(_most_pages_mapped)).result()
    # Where this fails, Python keeps the chunk, and nobody needs room any more.
    assert without_room >= _CALLS
    assert with_room < _CALLS / 10


def test_a_function_with_room_for_frames_is_the_same():
    def divide(numerator, *, denominator=1):
        """Divides."""
        return numerator / denominator

    roomy = with_room_for_frames(divide)
    assert roomy(1, denominator=2) == 0.5
    assert (roomy.__name__, roomy.__doc__) == ("divide", "Divides.")


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
