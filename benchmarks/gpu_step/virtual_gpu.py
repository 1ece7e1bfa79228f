"""TensorFlow's graph passes for a GPU that is not there.

What a GPU would launch can be counted without one: TensorFlow's optimizer, Grappler,
takes a description of the device. As at run time, it gets each function by itself.

The names of TensorFlow that this module needs are not public. All was tried with
TensorFlow 2.21.
"""

from collections import Counter
from typing import NamedTuple

import tensorflow as tf
from tensorflow.core.framework import function_pb2
from tensorflow.core.protobuf import (
    config_pb2,
    device_properties_pb2,
    meta_graph_pb2,
    rewriter_config_pb2,
)
from tensorflow.python.framework import function_def_to_graph
from tensorflow.python.grappler import cluster, tf_optimizer

from benchmarks.search_step.graph_costs import (
    called_function,
    named_functions,
    needed_nodes,
    starts_kernel,
)
from darts_tf.tensorflow_private import NOT_INLINED

_PLACE = "/job:localhost/replica:0/task:0/device:"
# An A100; the passes read no more of it than that it is a GPU, and its architecture.
_GPU = device_properties_pb2.DeviceProperties(
    type="GPU",
    vendor="NVIDIA",
    environment={"architecture": "8.0"},
    num_cores=108,
    frequency=1410,
    memory_size=80 * 2**30,
    bandwidth=1_500_000_000,
)
_CPU = device_properties_pb2.DeviceProperties(
    type="CPU", num_cores=16, frequency=2400, memory_size=64 * 2**30
)

_COMPILED = "_XlaMustCompile"


class Launches(NamedTuple):
    """What a GPU launches in one execution of a graph.

    Attributes:
        operations: Number of operations by type.
        programs: Number of calls of each function that XLA compiles, by its name.
    """

    operations: Counter
    programs: Counter

    @property
    def total(self):
        """Their number, each program counted as one."""
        return self.operations.total() + self.programs.total()


class VirtualGpu:
    """Counts what a GPU launches for a graph after TensorFlow's passes.

    Args:
        layout_pass: Whether the layout pass is one of them. The runs of this project
            leave it out, see `darts_tf.distribution.runtime`.
    """

    def __init__(self, layout_pass: bool):
        self._cluster = cluster.Cluster(
            devices=[
                device_properties_pb2.NamedDevice(
                    name=f"{_PLACE}GPU:0", properties=_GPU
                ),
                device_properties_pb2.NamedDevice(
                    name=f"{_PLACE}CPU:0", properties=_CPU
                ),
            ]
        )
        self._config = _configuration(layout_pass)

    def launches(self, graph: tf.Graph) -> Launches:
        """Counts what one execution of a graph launches.

        A function counts as often as it is called, the body of a loop once.

        Args:
            graph: The `FuncGraph` of a traced `tf.function`.
        """
        definition = graph.as_graph_def(add_shapes=True)
        self._functions = functions = {
            f.signature.name: f for f in definition.library.function
        }
        counted = {}

        def of_function(name):
            if name not in counted:
                with graph.as_default():
                    body = _body(functions[name])
                counted[name] = of_nodes(self._optimized(*body))
            return counted[name]

        def of_nodes(nodes):
            launches = Launches(Counter(), Counter())
            for node in nodes:
                name = called_function(node)
                if name and _is_compiled(node, functions[name]):
                    launches.programs[name] += 1
                elif name:
                    for count, more in zip(launches, of_function(name)):
                        count.update(more)
                elif starts_kernel(node):
                    launches.operations[node.op] += 1
            return launches

        results = [(x.name, x.dtype.as_datatype_enum) for x in graph.outputs]
        kept = [operation.name for operation in graph.control_outputs]
        return of_nodes(self._optimized(definition, results, kept))

    def _optimized(self, body, results, kept):
        """Applies the passes to a graph.

        The functions that it calls are not given to them: they would be optimized
        again for each call.

        Args:
            body: `GraphDef`.
            results: Pairs of the name and the type of each result.
            kept: Names of operations that are executed for other reasons.

        Returns:
            List of the nodes that are left.
        """
        graph = tf.compat.v1.GraphDef(node=body.node, versions=body.versions)
        for number, (name, dtype) in enumerate(results):
            result = graph.node.add(
                name=f"result_{number}", op="Identity", input=[name]
            )
            result.attr["T"].type = dtype
            kept = [*kept, result.name]
        for name in sorted(named_functions(graph.node)):
            graph.library.function.append(_closed(self._functions[name]))
        for node in graph.node:
            node.device = f"{_PLACE}GPU:0"
        whole = meta_graph_pb2.MetaGraphDef(graph_def=graph)
        whole.collection_def["train_op"].node_list.value.extend(kept)
        found = tf_optimizer.OptimizeGraph(
            self._config, whole, verbose=False, cluster=self._cluster
        )
        return needed_nodes(found.node, kept)


def _configuration(layout_pass):
    config = config_pb2.ConfigProto()
    passes = config.graph_options.rewrite_options
    switch = rewriter_config_pb2.RewriterConfig
    passes.layout_optimizer = switch.ON if layout_pass else switch.OFF
    # It would leave small functions alone.
    passes.min_graph_nodes = -1
    passes.fail_on_optimizer_errors = True
    return config


def _body(function):
    """The arguments of `VirtualGpu._optimized` for a function."""
    body, names = function_def_to_graph.function_def_to_graph_def(function)
    results = [
        (names.get(function.ret[result.name], function.ret[result.name]), result.type)
        for result in function.signature.output_arg
    ]
    return body, results, list(function.control_ret.values())


def _closed(function):
    """A function of the same name and arguments that the passes do not look into."""
    closed = function_pb2.FunctionDef(signature=function.signature)
    for attribute in (_COMPILED, "_nospecialize", *NOT_INLINED):
        closed.attr[attribute].b = True
    for result in function.signature.output_arg:
        node = closed.node_def.add(name=f"of_{result.name}", op="Placeholder")
        node.attr["dtype"].type = result.type
        closed.ret[result.name] = f"{node.name}:output:0"
    for name in function.control_ret:
        node = closed.node_def.add(name=f"of_{name}", op="NoOp")
        closed.control_ret[name] = node.name
    return closed


def _is_compiled(node, function):
    return any(part.attr[_COMPILED].b for part in (node, function))
