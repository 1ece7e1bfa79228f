"""The programs of XLA that a traced step calls, by themselves."""

import re

import numpy as np
import tensorflow as tf

from benchmarks.gpu_step.export import compiler_input, write_exported
from benchmarks.search_step.graph_costs import named_functions

_CALL = "PartitionedCall"
_VALUE = re.compile(r"%\w+")


def export_program(definition, name, folder):
    """Writes a function that XLA compiles, as `export_step` writes a whole step.

    Its inputs and outputs are zeros: the program is for compiling.

    Args:
        definition: `GraphDef` with the function in its library.
        name: The function.
        folder: Where it is written.
    """
    functions = {f.signature.name: f for f in definition.library.function}
    function = functions[name]
    call = _call_of(function, functions)
    results = [f"call:{index}" for index in range(len(function.signature.output_arg))]

    def program(*tensors):
        inputs = {f"input_{index}": x for index, x in enumerate(tensors)}
        return tf.graph_util.import_graph_def(call, inputs, results)

    specs = _specs(function)
    text, captured = compiler_input(program, specs)
    if captured:
        raise ValueError(f"Expected that {name} reads no variables.")
    concrete = tf.function(program, autograph=False).get_concrete_function(*specs)
    write_exported(
        folder,
        needed_instructions(text),
        _zeros(specs),
        _zeros(concrete.outputs),
        {"program": name},
    )


def needed_instructions(text):
    """Leaves out those instructions of a program on which no result depends.

    XLA would, but what JAX does before (0.10.2) ends in a crash where it finds that one
    of the sums of a reduction is not used.

    Args:
        text: The program as StableHLO.

    Returns:
        The same without them.
    """
    start = text.index("@main(")
    signature, *lines = text[start:].split("\n")
    end = next(i for i, line in enumerate(lines) if line.startswith("    return "))
    instructions = []
    for line in lines[:end]:
        # What follows one, further in, are the functions that it calls.
        if line.startswith("    %"):
            instructions.append([])
        instructions[-1].append(line)
    needed, found = set(_VALUE.findall(lines[end])), []
    for instruction in reversed(instructions):
        result, *operands = _VALUE.findall("\n".join(instruction))
        if result in needed:
            needed.update(operands)
            found = [*instruction, *found]
    return text[:start] + "\n".join([signature, *found, *lines[end:]])


def _call_of(function, functions):
    """A graph that calls a function, with what this one calls in turn."""
    graph, waiting, found = tf.compat.v1.GraphDef(), [function.signature.name], set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            graph.library.function.append(functions[name])
            waiting += named_functions(functions[name].node_def)
    call = graph.node.add(name="call", op=_CALL)
    for index, argument in enumerate(function.signature.input_arg):
        # No node: the tensors of the one who imports the graph take these places.
        call.input.append(f"input_{index}")
        call.attr["Tin"].list.type.append(argument.type)
    for result in function.signature.output_arg:
        call.attr["Tout"].list.type.append(result.type)
    call.attr["f"].func.name = function.signature.name
    return graph


def _specs(function):
    """What a function takes, by the shapes that its trace noted."""
    return [
        tf.TensorSpec(
            function.arg_attr[index].attr["_output_shapes"].list.shape[0],
            tf.dtypes.as_dtype(argument.type),
        )
        for index, argument in enumerate(function.signature.input_arg)
    ]


def _zeros(tensors):
    return {
        str(index): np.zeros(x.shape, x.dtype.as_numpy_dtype)
        for index, x in enumerate(tensors)
    }
