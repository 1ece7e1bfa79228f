"""A whole step as StableHLO, with what goes in and what comes out."""

import gzip
import io
import json
import pathlib
import re

import numpy as np
import tensorflow as tf

from benchmarks.gpu_step import run_exported
from darts_tf.atomic_file import write_atomically
from darts_tf.traced_device import supposed_gpu

# An updated variable: the number of the parameter, and that of the output.
_ALIAS = re.compile(
    r"parameter_number = (\d+) : i64\}, output_index = array<i64: (\d+)>"
)
# An operation that is not StableHLO's, and one that does as much.
_COPY = re.compile(r"mhlo\.copy (%\w+) : (tensor<[^>]*>)")
_RESHAPE = r"stablehlo.reshape \1 : (\2) -> \2"
_MAIN = re.compile(r"func\.func (?:public )?@main\((.*)\) -> ")


def export_step(model, batch, folder, description):
    """Writes the step of a model as a GPU would get it, and takes it on the CPU.

    The step has no state: the values of all variables are inputs, and those that it
    changes are outputs beside its metrics.

    Args:
        model: Compiled Keras model with a `train_step`, which has taken no step.
        batch: Nested tuple of arrays.
        folder: Where `step.mlir.gz`, `inputs.npz`, `outputs.npz`, `step.json` and
            `__main__.py` are written, see `benchmarks.gpu_step.run_exported`.
        description: Dictionary of what `step.json` shall say besides.
    """
    tensors = [tf.constant(x) for x in tf.nest.flatten(batch)]

    def step(*tensors):
        return model.train_step(tf.nest.pack_sequence_as(batch, tensors))

    with supposed_gpu():
        text, captured = compiler_input(step, tensors)
        inputs = _named([*tensors, *captured])
        logs = tf.function(step, autograph=False)(*tensors)
    updated = _updated(text, len(inputs), len(logs))
    variables = [captured[number - len(tensors)] for number in updated]
    outputs = {name: np.asarray(logs[name]) for name in sorted(logs)}
    outputs |= _named(variables)
    write_exported(folder, text, inputs, outputs, description)


def compiler_input(function, tensors):
    """Returns what XLA gets of a function.

    Args:
        function: Function of tensors, whose shapes are known.
        tensors: These, or `tf.TensorSpec`s of them.

    Returns:
        Tuple of the program as StableHLO, whose arguments are the tensors and then the
        variables that the function reads or sets, and of the list of these.
    """
    function = tf.function(function, autograph=False, jit_compile=True)
    concrete = function.get_concrete_function(*tensors)
    variables = [
        next((v for v in concrete.variables if v.handle is captured), captured)
        for captured in concrete.captured_inputs
    ]
    text = function.experimental_get_compiler_ir(*tensors)(stage="stablehlo")
    return _COPY.sub(_RESHAPE, text), variables


def write_exported(folder, text, inputs, outputs, description):
    """Writes a program with what goes in and what comes out.

    Args:
        folder: See `export_step`.
        text: The program as StableHLO.
        inputs, outputs: Arrays by name, in order.
        description: See `export_step`.
    """
    folder = pathlib.Path(folder)
    write_atomically(folder / "step.mlir.gz", gzip.compress(text.encode(), mtime=0))
    write_atomically(folder / "inputs.npz", _packed(inputs))
    write_atomically(folder / "outputs.npz", _packed(outputs))
    script = pathlib.Path(run_exported.__file__)
    write_atomically(folder / "__main__.py", script.read_bytes())
    described = {**description, "inputs": [*inputs], "outputs": [*outputs]}
    write_atomically(folder / "step.json", json.dumps(described, indent=1) + "\n")


def _updated(text, num_inputs, num_logs):
    """Numbers of the inputs whose new values follow the metrics in the outputs.

    Raises:
        ValueError: If XLA made constants of some inputs, or of some outputs.
    """
    num_arguments = _MAIN.search(text)[1].count("%arg")
    aliases = [(int(x), int(y)) for x, y in _ALIAS.findall(text)]
    places = [place for _, place in aliases]
    expected = [*range(num_logs, num_logs + len(places))]
    if num_arguments != num_inputs or places != expected:
        raise ValueError(
            f"XLA's program has {num_arguments} arguments and updates at {places}, "
            f"expected {num_inputs} and {expected}."
        )
    return [number for number, _ in aliases]


def _named(tensors):
    """Arrays of tensors and variables by their number and name."""
    return {
        f"{number} {getattr(x, 'name', '').removesuffix(':0')}".strip(): np.asarray(x)
        for number, x in enumerate(tensors)
    }


def _packed(arrays):
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)
    return content.getvalue()
