"""Measures steps on a GPU, or counts them: `python -m benchmarks.gpu_step --full`.

Where there is no GPU, or with `--aot`, it counts what one would run. See docs/gpu.md.
"""

import tensorflow as tf

from benchmarks.gpu_step.flags import gpu_step_flags
from benchmarks.gpu_step.runs import count, measure
from darts_tf.errors import UserError
from trainers import program


def main():
    config = gpu_step_flags.to_config()
    has_gpu = bool(tf.config.list_physical_devices("GPU"))
    if config.authors and (config.aot or not has_gpu):
        reason = "`aot` only counts" if config.aot else "there is none"
        raise UserError(f"`authors` needs a GPU to measure on, and {reason}.")
    print(measure(config) if has_gpu and not config.aot else count(config))


if __name__ == "__main__":
    program.run(main, gpu_step_flags.define(), __doc__)
