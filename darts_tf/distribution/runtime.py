"""TensorFlow's settings for a run: threads, precision, determinism."""

import os
from pathlib import Path
from typing import Any

import tensorflow as tf

from darts_tf.distribution.devices import configure_devices
from darts_tf.errors import UserError


def configure_runtime(config: Any) -> None:
    """Sets what TensorFlow must know before its first operation.

    Args:
        config: Settings with `intra_op_threads`, `inter_op_threads`,
            `deterministic`, `tensor_float_32` and `compilation_cache`, see
            `SearchConfig`.

    Raises:
        UserError: If the configuration has devices that are not there, or a folder for
            programs that cannot be.
    """
    if config.compilation_cache:
        _keep_programs(config.compilation_cache)
    if hasattr(config, "devices"):
        configure_devices(config)
    intra = config.intra_op_threads
    if tf.config.get_visible_devices("GPU"):
        # It would transpose images before and after each operation of a search that
        # has a layout, and gains nothing in a training; see docs/performance.md.
        grappler = {"layout_optimizer": False}
    else:
        # One thread for each of several operations is faster than the reverse. The
        # networks leave Grappler nothing to gain on a CPU, and it takes seconds.
        intra = 1 if intra is None else intra
        grappler = {"disable_meta_optimizer": True}
    tf.config.optimizer.set_experimental_options(grappler)
    tf.config.experimental.enable_tensor_float_32_execution(config.tensor_float_32)
    if config.deterministic:
        tf.config.experimental.enable_op_determinism()
    # Last, since they fail where TensorFlow has started with other ones.
    tf.config.threading.set_intra_op_parallelism_threads(intra or 0)
    tf.config.threading.set_inter_op_parallelism_threads(config.inter_op_threads)


def _keep_programs(folder):
    """Has XLA write its programs into a folder, and read them there.

    TensorFlow asks the environment when the process compiles its first program.
    """
    path = Path(folder).absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"`compilation_cache`={folder}: {error.strerror}.") from error
    quoted = str(path).replace("\\", r"\\").replace('"', r"\"")
    flag = f'--tf_xla_persistent_cache_directory="{quoted}"'
    flags = os.environ.get("TF_XLA_FLAGS", "")
    if flag not in flags:
        os.environ["TF_XLA_FLAGS"] = f"{flags} {flag}".strip()
