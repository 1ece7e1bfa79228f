"""Runs the step of a search in this folder by JAX alone, and compares what it gives.

    python FOLDER --platform=cuda --steps=20

`benchmarks.export_step` of darts_tf wrote the folder, from TensorFlow:

    step.mlir.gz   the step, StableHLO
    inputs.npz     two batches, and the values of all variables before the step
    outputs.npz    what TensorFlow computed of them on a CPU
    step.json      the names of both in order, and what the step is

Nothing of darts_tf is needed, only JAX; for a GPU, JAX with CUDA. With `--compile_for`
the step is compiled for a GPU that is not there, and does not run.
"""

import argparse
import dataclasses
import gzip
import json
import os
import pathlib
import statistics
import sys
import time

import numpy as np

# The precision of both factors of a product.
_ROUNDED, _EXACT = "[DEFAULT, DEFAULT]", "[HIGHEST, HIGHEST]"


def main(arguments=None):
    options = _parser().parse_args(arguments)
    if options.compile_for:
        # The plugin of CUDA compiles without a GPU, but would complain of it.
        os.environ["JAX_PLATFORMS"] = "cpu"
    try:
        # Not at the top: darts_tf imports this file to copy it, and needs no JAX.
        import jax
    except ImportError as error:
        sys.exit(f"JAX is missing ({error}). `pip install jax`, or `jax[cuda12]`.")
    # Counters of steps are integers of 64 bits.
    jax.config.update("jax_enable_x64", True)
    step = ExportedStep(options.folder)
    if options.compile_for:
        platform, results = "cuda", compile_for(jax, step, options)
    else:
        platform = options.platform or jax.default_backend().replace("gpu", "cuda")
        results = run(jax, step, platform, options)
    results = {"jax": jax.__version__, "platform": platform, **results}
    for name, value in results.items():
        print(f"{name}: {value}")
    if options.output:
        pathlib.Path(options.output).write_text(json.dumps(results, indent=1) + "\n")


def _parser():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    here = pathlib.Path(__file__).parent
    add = parser.add_argument
    add("--folder", type=pathlib.Path, default=here, help="default: that of this file")
    add("--platform", choices=("cpu", "cuda"), help="default: what JAX finds")
    add("--steps", type=int, default=5, help="steps that are timed after the first")
    add(
        "--tensor_float_32",
        action="store_true",
        help="lets a GPU round the factors of float32 products",
    )
    add("--compile_for", metavar="FILE", help="description of a GPU")
    add("--hlo", metavar="FILE", help="where to write the compiled program as text")
    add("--output", metavar="FILE", help="where to write the results as JSON")
    return parser


class ExportedStep:
    """What `benchmarks.export_step` wrote.

    Args:
        folder: Its folder.

    Attributes:
        names: Names of the outputs.
        inputs, outputs: Lists of arrays; the outputs are TensorFlow's.
        text: The step as text in MLIR.
    """

    def __init__(self, folder):
        try:
            described = json.loads((folder / "step.json").read_text())
            self.names = described["outputs"]
            self.inputs = _arrays(folder / "inputs.npz", described["inputs"])
            self.outputs = _arrays(folder / "outputs.npz", self.names)
            with gzip.open(folder / "step.mlir.gz", "rt", encoding="utf-8") as file:
                self.text = file.read()
        except (OSError, KeyError, ValueError, EOFError) as error:
            sys.exit(f"{folder} is no folder of an exported step: {error}")

    def exported(self, jax, platform, rounded):
        """Returns the step as a `jax.export.Exported`.

        Args:
            jax: The module.
            platform: "cpu" or "cuda".
            rounded: Whether a GPU may round the factors of float32 products.
        """
        from jaxlib.mlir.dialects import stablehlo

        text = self.text.replace(_EXACT, _ROUNDED) if rounded else self.text
        module = stablehlo.serialize_portable_artifact_str(
            text, stablehlo.get_current_version()
        )
        # Of a function with the same arguments and results JAX makes all that it wants
        # to know beside the module.
        like = [jax.ShapeDtypeStruct(x.shape, x.dtype) for x in self.inputs]
        function = jax.jit(
            lambda *_: [jax.numpy.zeros(x.shape, x.dtype) for x in self.outputs],
            keep_unused=True,
        )
        template = jax.export.export(function, platforms=[platform])(*like)
        return dataclasses.replace(
            template, fun_name="step", mlir_module_serialized=module
        )


def _arrays(path, names):
    with np.load(path, allow_pickle=False) as content:
        return [content[name] for name in names]


def run(jax, step, platform, options):
    """Compiles the step, runs it some times, and compares its outputs.

    Returns:
        Dictionary: times in seconds, memory in GB of 10^9 bytes, and the largest
        difference of an output from TensorFlow's, in parts of its largest number.
    """
    device = jax.devices(platform)[0]
    jax.config.update("jax_default_device", device)
    exported = step.exported(jax, platform, options.tensor_float_32)
    start = time.monotonic()
    compiled = jax.jit(exported.call).lower(*step.inputs).compile()
    compile_seconds = time.monotonic() - start
    inputs = [jax.device_put(x, device) for x in step.inputs]
    outputs, seconds = None, []
    for _ in range(options.steps + 1):
        start = time.monotonic()
        outputs = jax.block_until_ready(compiled(*inputs))
        seconds.append(time.monotonic() - start)
    differences = {
        name: difference(np.asarray(found), expected)
        for name, found, expected in zip(step.names, outputs, step.outputs)
    }
    worst = max(differences, key=differences.get)
    memory = device.memory_stats() or {}
    return {
        "device": device.device_kind,
        "compile": compile_seconds,
        "first_run": seconds[0],
        "step": statistics.median(seconds[1:] or seconds),
        "peak_memory": memory.get("peak_bytes_in_use", 0) / 1e9,
        "worst_output": worst,
        "largest_difference": differences[worst],
        "differences": differences,
    }


def difference(found, expected):
    """Largest difference of two arrays, in parts of the largest number expected."""
    expected = np.asarray(expected, np.float64)
    largest = np.max(np.abs(expected), initial=0) or 1.0
    return float(np.max(np.abs(found - expected), initial=0) / largest)


def compile_for(jax, step, options):
    """Compiles the step for the GPU that a file describes.

    Without autotuning, which needs the device: XLA takes its defaults.

    Returns:
        Dictionary: the time in seconds, that of all processor cores, and the temporary
        memory in GB.
    """
    from jax.experimental import topologies

    target = pathlib.Path(options.compile_for).read_text()
    topology = topologies.get_topology_desc(
        platform="cuda", target_config=target, topology="1x1x1"
    )
    mesh = topologies.make_mesh(topology, (1,), ("device",))
    everywhere = jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec())
    inputs = [
        jax.ShapeDtypeStruct(x.shape, x.dtype, sharding=everywhere) for x in step.inputs
    ]
    exported = step.exported(jax, "cuda", options.tensor_float_32)
    traced = jax.jit(exported.call).trace(*inputs)
    lowered = traced.lower(lowering_platforms=("cuda",))
    start, start_of_cores = time.monotonic(), processor_seconds()
    compiled = lowered.compile({"xla_gpu_autotune_level": 0})
    seconds = time.monotonic() - start
    seconds_of_cores = processor_seconds() - start_of_cores
    if options.hlo:
        pathlib.Path(options.hlo).write_text(compiled.as_text())
    memory = compiled.memory_analysis()
    return {
        "compile": seconds,
        "compile_on_cores": seconds_of_cores,
        "temporary_memory": memory.temp_size_in_bytes / 1e9,
    }


def processor_seconds():
    """Seconds that processor cores have worked for this process and those it began."""
    return sum(os.times()[:4])


if __name__ == "__main__":
    main()
