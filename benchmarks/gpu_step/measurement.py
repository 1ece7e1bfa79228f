"""One measurement of a step on a GPU, in a process of its own.

`python -m benchmarks.gpu_step.measurement STEP STARTED` prints the result as JSON: STEP
is a `GpuStep` as JSON, STARTED is the present `time.monotonic()`.
"""

import json
import sys

import numpy as np
import tensorflow as tf

from benchmarks.gpu_step.models import (
    make_model,
    random_batch,
    run_config,
    step_of_json,
)
from benchmarks.search_step.observation import Clock
from darts_tf.distribution.runtime import configure_runtime
from darts_tf.runs.provenance import peak_memory_gb


def measure(step, config, started):
    """Takes some steps on the same random batch.

    Args:
        step: `GpuStep`.
        config: Its `run_config`.
        started: When this process started, on the clock of `time.monotonic`.

    Returns:
        Dictionary that JSON can hold; times in seconds, memory in GB of 10^9 bytes.
    """
    model, clock = make_model(step, config), Clock()
    batches = tf.data.Dataset.from_tensors(random_batch(step)).repeat(1 + step.steps)
    model.fit(batches, verbose=0, shuffle=False, callbacks=[clock])
    return {
        "first_result": clock.ends[0] - started,
        "step": np.diff(clock.ends).tolist(),
        "device_memory": device_memory_gb(),
        "peak_memory": peak_memory_gb(),
        "losses": clock.losses,
    }


def device_memory_gb():
    """Largest memory that the GPU has held for this process; `None` without one."""
    if not tf.config.list_logical_devices("GPU"):
        return None
    return tf.config.experimental.get_memory_info("GPU:0")["peak"] / 1e9


def main(step, started):
    step = step_of_json(step)
    config = run_config(step)
    configure_runtime(config)
    print(json.dumps(measure(step, config, float(started))))


if __name__ == "__main__":
    main(*sys.argv[1:])
