"""TensorFlow's settings for a run: threads, precision, determinism."""

from typing import Any

import tensorflow as tf

from darts_tf.distribution.devices import configure_devices


def configure_runtime(config: Any) -> None:
    """Sets what TensorFlow must know before its first operation.

    Args:
        config: Settings with `intra_op_threads`, `inter_op_threads`,
            `deterministic` and `tensor_float_32`, see `SearchConfig`.

    Raises:
        UserError: If the configuration has devices that are not there.
    """
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
