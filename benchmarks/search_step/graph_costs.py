"""Costs of a traced graph in operations and bytes, counted rather than measured."""

import math
from collections import Counter
from typing import NamedTuple

import tensorflow as tf

from darts_tf.tensorflow_private import operation_definition

# Operations that move no data: no kernel runs for them on a GPU.
_FREE = {
    *("Const", "Placeholder", "NoOp", "Identity", "IdentityN", "StopGradient"),
    *("PreventGradient", "Reshape", "Squeeze", "ExpandDims", "Shape", "ShapeN"),
    *("Size", "Rank", "Bitcast", "BroadcastGradientArgs", "ReadVariableOp"),
    *("VarHandleOp", "AssignVariableOp"),
}
# Operation that calls a function -> the attribute that names it.
CALLS = {
    "PartitionedCall": "f",
    "StatefulPartitionedCall": "f",
    "While": "body",
    "StatelessWhile": "body",
}
# Operation -> positions, among inputs and then outputs, of the images that leave the
# convolution, or of their gradient, and of the kernel, or of its gradient.
_CONVOLUTIONS = {
    "Conv2D": (2, 1),
    "Conv2DBackpropInput": (2, 1),
    "Conv2DBackpropFilter": (2, 3),
    "DepthwiseConv2dNative": (2, 1),
    "DepthwiseConv2dNativeBackpropInput": (2, 1),
    "DepthwiseConv2dNativeBackpropFilter": (2, 3),
}
_PRODUCTS = ("MatMul", "BatchMatMulV2", "BatchMatMulV3")


class GraphCosts(NamedTuple):
    """Counts of one execution of a graph, each by type of operation.

    Attributes:
        operations: Operations for which a GPU would have a kernel launched.
        bytes: Sizes of all tensors that these read and write, each time they do.
        flops: Floating-point operations: two for each product in convolutions and
            matrix products, one for each element of the output elsewhere.
    """

    operations: Counter
    bytes: Counter
    flops: Counter

    def plus(self, other, times=1):
        """Returns the sum of these counts and of others, taken so many times."""
        scaled = [Counter({k: times * n for k, n in c.items()}) for c in other]
        return GraphCosts(*(a + b for a, b in zip(self, scaled)))


class _Tensor(NamedTuple):
    shape: tuple[int, ...]
    dtype: tf.DType

    @property
    def size(self):
        return math.prod(self.shape)

    @property
    def bytes(self):
        return 0 if self.dtype == tf.resource else self.size * self.dtype.size


class TracedGraph:
    """A graph as TensorFlow traced it, before its optimizer changes it further.

    Operations on which no result depends are left out, and a function counts as
    often as it is called, the body of a loop `loop_steps` times. One that XLA
    compiles counts as one operation that reads its inputs and writes its outputs.
    Tensors whose shape is not known and values of variables updated in place have no
    bytes.

    Args:
        graph: The `FuncGraph` of a traced `tf.function`.
        loop_steps: How often each loop goes round, which no graph says.

    Attributes:
        costs: The `GraphCosts` of one execution.
        num_nodes: Number of nodes at the top and, each once, in called functions.
    """

    def __init__(self, graph, loop_steps=1):
        definition = graph.as_graph_def(add_shapes=True)
        results = [tensor.op.name for tensor in graph.outputs]
        results += [operation.name for operation in graph.control_outputs]
        self._functions = {f.signature.name: f for f in definition.library.function}
        self._counted, self._loop_steps = {}, loop_steps
        self.costs = self._costs(definition.node, results, {})
        called = [self._functions[name] for name in self._counted]
        self.num_nodes = len(definition.node) + sum(len(f.node_def) for f in called)

    def _function_costs(self, name):
        if name not in self._counted:
            function = self._functions[name]
            tensors = {}
            for index, argument in enumerate(function.signature.input_arg):
                shapes = function.arg_attr[index].attr["_output_shapes"].list.shape
                shape = shapes[0] if shapes else None
                tensors[argument.name] = _tensor(shape, argument.type)
            results = [*function.ret.values(), *function.control_ret.values()]
            self._counted[name] = self._costs(function.node_def, results, tensors)
        return self._counted[name]

    def _costs(self, nodes, results, tensors):
        nodes = needed_nodes(nodes, results)
        for node in nodes:
            tensors |= _named_outputs(node)
        costs = GraphCosts(Counter(), Counter(), Counter())
        for node in nodes:
            function = called_function(node)
            if function and not self._is_compiled(node, function):
                times = self._loop_steps if "While" in node.op else 1
                costs = costs.plus(self._function_costs(function), times)
                continue
            inputs = [tensors[name] for name in node.input if name[0] != "^"]
            outputs = list(_outputs(node).values())
            if not _is_free(node, outputs):
                costs.operations[node.op] += 1
                costs.bytes[node.op] += sum(t.bytes for t in (*inputs, *outputs))
                costs.flops[node.op] += _flops(node, inputs, outputs)
        return costs

    def _is_compiled(self, node, function):
        function = self._functions[function]
        return any(part.attr["_XlaMustCompile"].b for part in (node, function))


def called_function(node):
    """Returns the name of the function that a node calls, or `None`."""
    return node.attr[CALLS[node.op]].func.name if node.op in CALLS else None


def named_functions(nodes):
    """Returns the names of all functions that nodes may call."""
    values = [value for node in nodes for value in node.attr.values()]
    return {value.func.name for value in values if value.HasField("func")}


def starts_kernel(node):
    """Whether a GPU would have a kernel launched for a node."""
    return not _is_free(node, list(_outputs(node).values()))


def needed_nodes(nodes, results):
    """Returns the nodes on which the results depend."""
    by_name = {node.name: node for node in nodes}
    waiting, found = [name.split(":")[0] for name in results], {}
    while waiting:
        name = waiting.pop()
        if name in by_name and name not in found:
            found[name] = by_name[name]
            waiting += [i.lstrip("^").split(":")[0] for i in by_name[name].input]
    return list(found.values())


def _outputs(node):
    """Output tensors by the name and the index that functions give them."""
    shapes = list(node.attr["_output_shapes"].list.shape)
    arguments = operation_definition(node.op).output_arg
    keys = [(a.name, i, d) for a in arguments for i, d in _dtypes(a, node.attr)]
    if len(shapes) != len(keys):
        # None, or in the body of a loop those of another operation of that name.
        shapes = [None] * len(keys)
    return {
        (name, index): _tensor(shape, dtype)
        for (name, index, dtype), shape in zip(keys, shapes)
    }


def _named_outputs(node):
    """The same by what inputs call them: in functions, and at the top of a graph."""
    names = {}
    for position, ((name, index), tensor) in enumerate(_outputs(node).items()):
        names[f"{node.name}:{name}:{index}"] = tensor
        names[f"{node.name}:{position}" if position else node.name] = tensor
    return names


def _dtypes(argument, attributes):
    if argument.type_list_attr:
        return enumerate(attributes[argument.type_list_attr].list.type)
    count = attributes[argument.number_attr].i if argument.number_attr else 1
    dtype = argument.type or attributes[argument.type_attr].type
    return enumerate(count * [dtype])


def _tensor(shape, dtype):
    dtype = tf.dtypes.as_dtype(dtype)
    dims = (0,)
    if shape is not None and not shape.unknown_rank:
        dims = tuple(max(dimension.size, 0) for dimension in shape.dim)
    return _Tensor(dims, dtype)


def _is_free(node, outputs):
    # Integers of 32 bits are shapes and indices, which TensorFlow keeps on the host.
    on_host = outputs and all(tensor.dtype == tf.int32 for tensor in outputs)
    return node.op in _FREE or on_host


def _flops(node, inputs, outputs):
    if node.op in _PRODUCTS and len(inputs[1].shape) > 1:
        # From the second factor: the first may come from XLA, which tells no shapes.
        transposed = node.attr["transpose_b"].b or node.attr["adj_y"].b
        return 2 * outputs[0].size * inputs[1].shape[-1 if transposed else -2]
    if node.op in _CONVOLUTIONS:
        tensors = [*inputs, *outputs]
        images, kernel = (tensors[i] for i in _CONVOLUTIONS[node.op])
        taps = kernel.shape[:2] if node.op[0] == "D" else kernel.shape[:3]
        return 2 * images.size * math.prod(taps)
    return max((tensor.size for tensor in outputs), default=0)
