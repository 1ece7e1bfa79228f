"""One count of what TensorFlow would launch on a GPU, in a process of its own.

`python -m benchmarks.gpu_step.counts STEP [PYTHON TARGET]` prints the result as JSON:
STEP is a `GpuStep` as JSON, PYTHON the interpreter that has JAX, TARGET the file that
describes the GPU that XLA compiles for.
"""

import json
import pathlib
import sys
import tempfile
from collections import Counter

from benchmarks.gpu_step.models import (
    make_model,
    random_batch,
    run_config,
    step_of_json,
    traced_step,
)
from benchmarks.gpu_step.program_kernels import program_kernels
from benchmarks.gpu_step.programs import export_program
from benchmarks.gpu_step.virtual_gpu import VirtualGpu
from benchmarks.search_step.graph_costs import CALLS, TracedGraph
from benchmarks.search_step.runs import run_command
from darts_tf.distribution.runtime import configure_runtime
from darts_tf.traced_device import supposed_gpu

# Operation -> its kernels that only transpose: cuDNN normalizes images in NCHW, and a
# run leaves them in NHWC (TensorFlow's fused_batch_norm_op.cc).
_HIDDEN = {"FusedBatchNormV3": 2, "FusedBatchNormGradV3": 3}


def launches(graph, compile_program=None):
    """Counts what TensorFlow launches for a step on a GPU.

    Args:
        graph: The `FuncGraph` of the step.
        compile_program: Function of the graph's definition and of the name of a
            function that XLA compiles, which counts its kernels; default leaves each
            program one launch that moves what goes in and out.

    Returns:
        Dictionary: the operations as traced, after the passes of a run, and after all
        passes; those hidden within the ones of a run; the calls of programs of XLA
        among these, and how many programs there are; and the bytes, those of operations
        as traced.
    """
    traced = TracedGraph(graph).costs
    of_run, with_layout_pass = (
        VirtualGpu(layout_pass).launches(graph) for layout_pass in (False, True)
    )
    counts = {
        "traced": traced.operations.total(),
        "launches": of_run.total,
        "hidden": sum(n * of_run.operations[kind] for kind, n in _HIDDEN.items()),
        "with_layout_pass": with_layout_pass.total,
        "calls": of_run.programs.total(),
        "programs": len(of_run.programs),
        "bytes": traced.bytes.total(),
        "by_type": {"traced": traced.operations, "launches": of_run.operations},
    }
    if compile_program and of_run.programs:
        definition = graph.as_graph_def(add_shapes=True)
        found = [
            (compile_program(definition, name), times)
            for name, times in of_run.programs.items()
        ]
        of_calls = sum(traced.bytes[kind] for kind in CALLS)
        counts |= _with_programs(found, of_run.operations, counts["bytes"] - of_calls)
        counts["by_type"] |= {"kernels": _kernels(found)}
    return counts


def _with_programs(found, operations, other_bytes):
    """What a step launches if each program is compiled once, and called some times.

    Args:
        found: Pairs of what `compiled` gave of a program and the number of its calls.
        operations: Number of operations by type beside the calls.
        other_bytes: What these read and write.
    """
    moved = sum(times * program["bytes"] for program, times in found)
    seconds = {
        name: sum(program[name] for program, _ in found)
        for name in ("compile", "compile_on_cores")
    }
    return {
        "launches": operations.total() + _kernels(found).total(),
        "small": sum(times * program["small"] for program, times in found),
        "bytes": other_bytes + moved,
        **seconds,
    }


def _kernels(found):
    """Number of kernels by type in all calls of programs."""
    kernels = Counter()
    for program, times in found:
        for kind, number in program["by_type"]["launches"].items():
            kernels[kind] += times * number
    return kernels


def compiled(folder, python, target):
    """Compiles an exported step for a GPU that is not there, and counts its kernels.

    Args:
        folder: What `export_step` wrote.
        python: Interpreter that has JAX.
        target: File that describes the GPU.

    Returns:
        Dictionary: kernels, those that move less than 2^20 bytes, bytes, temporary
        memory in GB of 10^9 bytes, and the seconds that compiling took, by the clock
        and of all processor cores.
    """
    program, results = folder / "program.hlo", folder / "compiled.json"
    options = (f"--compile_for={target}", f"--hlo={program}", f"--output={results}")
    run_command(python, folder, *options)
    counts = program_kernels(program.read_text())
    found = json.loads(results.read_text())
    return {
        "launches": counts.kernels.total(),
        "small": counts.small,
        "bytes": counts.bytes,
        **{
            name: found[name]
            for name in ("temporary_memory", "compile", "compile_on_cores")
        },
        "by_type": {"launches": counts.kernels},
    }


def main(step, python=None, target=None):
    step = step_of_json(step)
    config = run_config(step)
    configure_runtime(config)
    with supposed_gpu():
        graph = traced_step(make_model(step, config), random_batch(step))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)

        def compile_program(definition, name):
            export_program(definition, name, folder)
            return compiled(folder, python, target)

        result = launches(graph, compile_program if target else None)
    print(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
