"""The devices on which a run computes.

Under a strategy with several devices each is a replica: it holds all variables and
computes on its part of every batch; see `darts_tf.distribution.replicas`.
"""

import os
from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from darts_tf.distribution import cluster
from darts_tf.errors import UserError

STRATEGIES = ("auto", "single", "mirrored", "multi_worker")


def configure_devices(config: Any) -> None:
    """Makes the devices of a configuration the only ones that TensorFlow sees.

    Must come before TensorFlow's first operation.

    Args:
        config: Settings with `devices` and `logical_devices`, see `SearchConfig`.

    Raises:
        UserError: If there is no such device.
    """
    if config.logical_devices:
        if config.devices:
            raise UserError("Give `devices` or `logical_devices`, not both.")
        tf.config.set_visible_devices([], "GPU")
        tf.config.set_logical_device_configuration(
            tf.config.list_physical_devices("CPU")[0],
            [tf.config.LogicalDeviceConfiguration()] * config.logical_devices,
        )
    if config.devices:
        tf.config.set_visible_devices(chosen_gpus(config.devices), "GPU")


def chosen_gpus(numbers: Sequence[str]) -> list[tf.config.PhysicalDevice]:
    """Returns the GPUs of these numbers.

    Args:
        numbers: Numbers of GPUs.

    Raises:
        UserError: If there is none of a number, or one is given twice.
    """
    gpus = tf.config.list_physical_devices("GPU")
    known = [str(number) for number in range(len(gpus))]
    if not set(numbers) <= set(known) or len(set(numbers)) < len(numbers):
        raise UserError(
            f"`devices`={','.join(numbers)} must be different numbers of GPUs; this "
            f"machine has {f'0 to {known[-1]}' if known else 'none'}."
        )
    return [gpus[int(number)] for number in numbers]


def make_strategy(config: Any) -> tf.distribute.Strategy:
    """Makes the `tf.distribute.Strategy` of a configuration.

    Must come before TensorFlow's first operation.

    Args:
        config: Settings with `strategy`, `logical_devices` and `batch_size`.

    Returns:
        The strategy; TensorFlow's default one for a single device.

    Raises:
        UserError: If the devices cannot share a batch evenly, or TF_CONFIG does not
            name the machines.
    """
    if config.strategy in ("auto", "multi_worker"):
        workers = cluster.find_cluster()
        if config.strategy == "multi_worker" and not workers:
            raise UserError(
                "`strategy=multi_worker` needs the environment variable TF_CONFIG, "
                "with the addresses of all workers and the number of this one."
            )
        if workers and (config.strategy == "multi_worker" or workers.count > 1):
            return _multi_worker_strategy(config, workers)
    devices = [
        device.name
        for device in tf.config.list_logical_devices("GPU")
        or tf.config.list_logical_devices("CPU")
    ]
    if config.strategy == "single" or len(devices) == 1:
        return tf.distribute.get_strategy()
    _check_batch_size(config, len(devices))
    return tf.distribute.MirroredStrategy(devices)


def _multi_worker_strategy(config, workers):
    # TensorFlow must not yet be asked for the logical devices: that settles them.
    gpus, cpus = len(tf.config.get_visible_devices("GPU")), config.logical_devices or 1
    _check_batch_size(config, workers.count * (gpus or cpus))
    print(
        f"Worker {workers.index} of {workers.count} waits for the others.", flush=True
    )
    return cluster.make_strategy(cpus)


def _check_batch_size(config, count):
    if config.batch_size % count:
        raise UserError(
            f"`batch_size`={config.batch_size} is the global batch, and cannot be "
            f"divided by {count} devices; give a multiple of {count}."
        )


def device_environments(numbers: Sequence[str], count: int) -> list[dict[str, str]]:
    """Returns variables of the environment for processes that get a device each.

    Args:
        numbers: Numbers of the GPUs that may be used; none for all.
        count: Number of processes at a time; where there are more than GPUs, several
            share one.

    Returns:
        The variables of each process; none on a machine without GPUs.
    """
    found = len(tf.config.list_physical_devices("GPU"))
    if not found:
        return [{} for _ in range(count)]
    # The numbers are of those that this process sees.
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    names = visible.split(",") if visible else [str(gpu) for gpu in range(found)]
    chosen = [names[int(number)] for number in numbers or range(found)]
    more = {"TF_FORCE_GPU_ALLOW_GROWTH": "true"} if count > len(chosen) else {}
    return [
        {"CUDA_VISIBLE_DEVICES": chosen[process % len(chosen)], **more}
        for process in range(count)
    ]
