"""What this project needs of TensorFlow that has no public name.

Nothing else in the package uses a private name of TensorFlow. All was tried with
TensorFlow 2.21; `tests/test_tensorflow_private.py` has a test for each name, which
fails where a release lacks it or gives it another meaning.
"""

import contextlib
import functools
import weakref
from collections.abc import Iterator, Sequence

import tensorflow as tf
from tensorflow.compiler.tf2xla.ops import gen_xla_ops
from tensorflow.core.framework import op_def_pb2
from tensorflow.core.protobuf import saved_model_pb2
from tensorflow.python.distribute import collective_all_reduce_strategy
from tensorflow.python.eager import context
from tensorflow.python.framework import config, op_def_registry, ops
from tensorflow.python.ops import control_flow_util

# Attribute of a function: its calls are not replaced by its operations. It goes to the
# argument `experimental_attributes` of `tf.function`, which is public, but names none.
NOT_INLINED = {"_noinline": True}


def is_compiled_by_xla() -> bool:
    """Whether XLA compiles the graph that is being made.

    TensorFlow exports no function that tells what `tf.function` compiles.
    """
    graph = tf.compat.v1.get_default_graph()
    return control_flow_util.GraphOrParentsInXlaContext(graph)


@contextlib.contextmanager
def one_trace_for_all_devices() -> Iterator[None]:
    """Within, TensorFlow does not trace a function anew for each replica's device.

    It would do so for the sake of variables, of which each device has its own copy.
    """
    extended = tf.distribute.get_strategy().extended
    retraces = extended._retrace_functions_for_each_device
    extended._retrace_functions_for_each_device = False
    try:
        yield
    finally:
        extended._retrace_functions_for_each_device = retraces


def sums_by_one_kernel(
    tensors: Sequence[tf.Tensor], axes: Sequence[int]
) -> list[tf.Tensor]:
    """Sums several tensors of one shape over axes, where XLA compiles the graph.

    XLA makes one reduction of several only where TensorFlow asks it to, and TensorFlow
    exports no operation that does.
    """
    dtype, count = tensors[0].dtype, len(tensors)
    return gen_xla_ops.xla_variadic_reduce_v2(
        inputs=tensors,
        init_values=[tf.zeros([], dtype)] * count,
        dimensions_to_reduce=axes,
        reducer=_adder(dtype, count),
    )


@functools.cache
def _adder(dtype, count):
    @tf.function(autograph=False)
    def add(*terms):
        return [x + y for x, y in zip(terms[:count], terms[count:])]

    with tf.init_scope():
        return add.get_concrete_function(*[tf.TensorSpec([], dtype)] * (2 * count))


def infer_no_shapes_of_calls(graph: tf.Graph) -> None:
    """Lets TensorFlow infer no shapes through functions that a graph will call.

    It would do so for every call and at every level, though `tf.function` has the
    shapes and sets them. TensorFlow's own attribute of a call spares that, and has to
    be there when the call is made.
    """
    create_op = graph.create_op

    def create_opaque(op_type, *args, attrs=None, **kwargs):
        if op_type in ("PartitionedCall", "StatefulPartitionedCall"):
            opaque = tf.compat.v1.AttrValue(b=True)
            attrs = {**attrs, "_disable_call_shape_inference": opaque}
        return create_op(op_type, *args, attrs=attrs, **kwargs)

    graph.create_op = create_opaque


def hold_custom_gradient(operation: tf.Operation) -> None:
    """Lets the gradient of a `tf.custom_gradient` live as long as its graph.

    TensorFlow registers the gradient by a name for the whole process. The gradient
    refers to tensors, and so the graph that it belongs to, with all that this one
    refers to, would be kept for good. Here the graph holds the gradient, and the
    registry a weak reference to it until the graph is gone.

    Args:
        operation: That of the results of a function so decorated. Another one stays as
            it is.
    """
    try:
        name = operation.get_attr("_gradient_op_type").decode()
    except ValueError:
        return
    graph, registry = operation.graph, ops.gradient_registry._registry
    notes = graph_notes(graph)
    if name in notes or name not in registry or not name.startswith("CustomGradient"):
        return
    notes[name] = registry[name]["type"]
    gradient = weakref.ref(notes[name])
    registry[name]["type"] = lambda op, *upstream: gradient()(op, *upstream)
    weakref.finalize(graph, registry.pop, name, None).atexit = False


def graph_notes(graph: tf.Graph) -> dict:
    """Returns a dictionary of notes on a graph, which is forgotten with the graph.

    A collection of TensorFlow's would be copied to every graph that is made within this
    one, also to those of functions that outlive it.
    """
    if not hasattr(graph, "darts_tf_notes"):
        graph.darts_tf_notes = {}
    return graph.darts_tf_notes


def is_deterministic() -> bool:
    """Whether `tf.config.experimental.enable_op_determinism` was called.

    TensorFlow exports no function that tells.
    """
    return config.is_op_determinism_enabled()


def operation_definition(operation_type: str) -> op_def_pb2.OpDef | None:
    """Returns the `OpDef` of a type of operation, or `None`.

    TensorFlow exports no table of its operations.
    """
    return op_def_registry.get(operation_type)


def parse_saved_model(content: bytes) -> saved_model_pb2.SavedModel:
    """Reads the protocol buffer of a file `saved_model.pb`.

    TensorFlow exports only functions that load the model as well.

    Raises:
        google.protobuf.message.DecodeError: If it is none.
    """
    return saved_model_pb2.SavedModel.FromString(content)


def share_value(key: str, value: str) -> None:
    """Tells all workers of a `tf.distribute.MultiWorkerMirroredStrategy` a text.

    By the service through which its workers know of each other. Where they have
    different numbers of devices, TensorFlow's collective operations wait for good.
    """
    context.context().set_config_key_value(key, value)


def shared_value(key: str) -> str:
    """Returns what a worker told by `share_value`, as soon as it has."""
    return context.context().get_config_key_value(key)


class MultiWorkerStrategyOfCpus(tf.distribute.MultiWorkerMirroredStrategy):
    """Strategy of workers without GPUs that have several logical devices each.

    TensorFlow's own takes all GPUs of a worker, but only one CPU device.

    Args:
        count: Number of logical devices of each worker.
    """

    def __init__(self, count: int):
        extended = _ExtendedForCpuDevices(
            self,
            cluster_resolver=None,
            communication_options=tf.distribute.experimental.CommunicationOptions(),
            count=count,
        )
        tf.distribute.Strategy.__init__(self, extended)


class _ExtendedForCpuDevices(
    collective_all_reduce_strategy.CollectiveAllReduceExtended
):
    def __init__(self, strategy, count, **arguments):
        self._count = count
        super().__init__(strategy, **arguments)

    def _initialize_local_devices(self, cluster_resolver, worker_device):
        devices = [f"{worker_device}/device:CPU:{i}" for i in range(self._count)]
        return tuple(devices), "CPU"
