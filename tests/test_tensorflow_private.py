"""That TensorFlow still has the names in `darts_tf.tensorflow_private`."""

import gc
import weakref
from contextlib import nullcontext

import numpy as np
import pytest
import tensorflow as tf
from google.protobuf.message import DecodeError
from tensorflow.python.framework import ops

from darts_tf import tensorflow_private
from darts_tf.autodiff.custom_gradients import custom_gradient


@pytest.mark.parametrize("jit_compile", [False, True])
def test_graph_or_parents_in_xla_context(jit_compile):
    found = []

    @tf.function(autograph=False, jit_compile=jit_compile)
    def compute(x):
        tf.scan(lambda y, z: found.append(_is_compiled()) or y + z, x)
        found.append(_is_compiled())
        return x

    def _is_compiled():
        return tensorflow_private.is_compiled_by_xla()

    compute.get_concrete_function(tf.TensorSpec([2]))
    assert set(found) == {jit_compile}
    assert not _is_compiled()


@pytest.mark.parametrize("once", [False, True])
def test_retrace_functions_for_each_device(once):
    traces = []

    @tf.function(autograph=False)
    def double(x):
        traces.append(x)
        return x + x

    together = tensorflow_private.one_trace_for_all_devices
    strategy = tf.distribute.OneDeviceStrategy("CPU:0")
    # As where a strategy has several devices.
    strategy.extended._retrace_functions_for_each_device = True
    with strategy.scope():
        for device in (nullcontext(), tf.device("CPU:0")):
            with device, together() if once else nullcontext():
                double(tf.ones([]))
    assert strategy.extended._retrace_functions_for_each_device
    assert len(traces) == (1 if once else 2)


def test_noinline():
    """TensorFlow keeps the attribute of a function that it knows."""
    function = tf.function(
        tf.exp, experimental_attributes=tensorflow_private.NOT_INLINED
    )
    concrete = function.get_concrete_function(tf.TensorSpec([2]))
    assert concrete.function_def.attr["_noinline"].b
    assert (
        not tf.function(tf.exp)
        .get_concrete_function(tf.TensorSpec([2]))
        .function_def.attr["_noinline"]
        .b
    )


def test_disable_call_shape_inference():
    """Calls made by `create_op` get the attribute, and keep the shapes of results."""

    @tf.function(autograph=False)
    def exponential(x):
        return tf.exp(x)

    with tf.Graph().as_default() as graph:
        tensorflow_private.infer_no_shapes_of_calls(graph)
        y = exponential(tf.ones([2, 3]))
    (call,) = (op for op in graph.get_operations() if "PartitionedCall" in op.type)
    assert call.get_attr("_disable_call_shape_inference")
    assert y.shape == (2, 3)


def make_graph():
    """A graph with a custom gradient, and one with the gradient of that."""

    @custom_gradient
    def square(x):
        return x * x, lambda upstream: 3 * x * upstream

    @tf.function(autograph=False)
    def function(x):
        return square(x)

    @tf.function(autograph=False)
    def gradient(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = function(x)
        return tape.gradient(y, x)

    assert gradient(tf.constant(5.0)).numpy() == 15
    graph = function.get_concrete_function(tf.TensorSpec([])).graph
    (operation,) = (op for op in graph.get_operations() if op.type == "IdentityN")
    name = operation.get_attr("_gradient_op_type").decode()
    assert name in ops.gradient_registry.list()
    return weakref.ref(graph), name


def test_gradient_registry():
    """A custom gradient is found by its name, and forgotten with its graph."""
    graph, name = make_graph()
    gc.collect()
    assert graph() is None
    assert name not in ops.gradient_registry.list()


def test_notes_are_not_those_of_graphs_within():
    with tf.Graph().as_default() as graph:
        tensorflow_private.graph_notes(graph)["key"] = "value"

        @tf.function(autograph=False)
        def function(x):
            inner = tf.compat.v1.get_default_graph()
            assert not tensorflow_private.graph_notes(inner)
            return x

        function(tf.ones([]))
    assert tensorflow_private.graph_notes(graph) == {"key": "value"}


def test_xla_variadic_reduce():
    @tf.function(autograph=False, jit_compile=True)
    def sums(x):
        return tensorflow_private.sums_by_one_kernel([x, x * x], [1, 2])

    x = tf.reshape(tf.range(24.0), [2, 3, 4])
    first, second = sums(x)
    np.testing.assert_allclose(first, tf.reduce_sum(x, [1, 2]))
    np.testing.assert_allclose(second, tf.reduce_sum(x * x, [1, 2]))


def test_is_op_determinism_enabled(deterministic):
    assert tensorflow_private.is_deterministic()


def test_op_determinism_is_not_enabled():
    assert not tensorflow_private.is_deterministic()


def test_op_def_registry():
    definition = tensorflow_private.operation_definition("FusedBatchNormV3")
    assert [output.name for output in definition.output_arg][:2] == ["y", "batch_mean"]
    assert tensorflow_private.operation_definition("NoSuchOperation") is None


def test_saved_model_pb2(tmp_path):
    tf.saved_model.save(tf.Module(), tmp_path)
    content = (tmp_path / "saved_model.pb").read_bytes()
    (graph,) = tensorflow_private.parse_saved_model(content).meta_graphs
    assert graph.meta_info_def.tensorflow_version == tf.__version__
    with pytest.raises(DecodeError):
        tensorflow_private.parse_saved_model(b"no protocol buffer")


def test_config_key_value():
    """What it is for is in the tests of several workers: it needs their service."""
    with pytest.raises(tf.errors.FailedPreconditionError, match="Coordination service"):
        tensorflow_private.shared_value("key")
    with pytest.raises(tf.errors.FailedPreconditionError, match="Coordination service"):
        tensorflow_private.share_value("key", "value")


def test_initialize_local_devices():
    """TensorFlow asks the strategy for its devices by this name."""
    base = tensorflow_private._ExtendedForCpuDevices.__mro__[1]
    assert base.__name__ == "CollectiveAllReduceExtended"
    assert callable(base._initialize_local_devices)
    # Without a cluster, this process is the only worker.
    strategy = tensorflow_private.MultiWorkerStrategyOfCpus(1)
    (device,) = strategy.extended.worker_devices
    assert device.endswith("/device:CPU:0")
