"""Writes a whole step for JAX: `python -m benchmarks.export_step OUT --full`.

The folder OUT gets the step as StableHLO, its inputs, what TensorFlow computes of them
on a CPU, and a script that runs it all where there is JAX, and needs nothing else: on a
machine with a GPU, `python OUT`. See docs/gpu.md.
"""

import dataclasses
import pathlib

from benchmarks.export_step.flags import export_step_flags
from benchmarks.gpu_step.export import export_step
from benchmarks.gpu_step.models import make_model, random_batch, run_config
from darts_tf.distribution.runtime import configure_runtime
from darts_tf.errors import UserError
from darts_tf.runs.provenance import versions
from darts_tf.traced_device import supposed_gpu
from trainers import program


def main(folder):
    folder = pathlib.Path(folder)
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder} is no folder.")
    step = export_step_flags.to_config().step()
    config = run_config(step)
    configure_runtime(config)
    with supposed_gpu():
        model = make_model(step, config)
    described = {"step": dataclasses.asdict(step), "versions": versions()}
    export_step(model, random_batch(step), folder, described)
    print(f"{folder}: {step}. `python {folder}` runs it with JAX.")


if __name__ == "__main__":
    program.run(main, export_step_flags.define(), __doc__, "OUT")
