"""The devices on which a run computes.

Under a strategy with several devices each is a replica: it holds all variables and
computes on its part of every batch; see `darts_tf.training.replicas`.
"""

import tensorflow as tf

from darts_tf.errors import UserError

STRATEGIES = ("auto", "single", "mirrored")


def configure_devices(config):
    """Makes the devices of a configuration the only ones that TensorFlow sees.

    Must come before TensorFlow's first operation.

    Args:
        config: Settings with `devices` and `logical_devices`, see `SearchConfig`.

    Raises:
        UserError: If there is no such device.
    """
    if config.logical_devices:
        if config.devices:
            raise UserError("Give --devices or --logical_devices, not both.")
        tf.config.set_visible_devices([], "GPU")
        tf.config.set_logical_device_configuration(
            tf.config.list_physical_devices("CPU")[0],
            [tf.config.LogicalDeviceConfiguration()] * config.logical_devices,
        )
    if config.devices:
        tf.config.set_visible_devices(_chosen_gpus(config.devices), "GPU")


def _chosen_gpus(numbers):
    gpus = tf.config.list_physical_devices("GPU")
    known = [str(number) for number in range(len(gpus))]
    if not set(numbers) <= set(known) or len(set(numbers)) < len(numbers):
        raise UserError(
            f"--devices={','.join(numbers)} must be different numbers of GPUs; this "
            f"machine has {f'0 to {known[-1]}' if known else 'none'}."
        )
    return [gpus[int(number)] for number in numbers]


def make_strategy(config):
    """Makes the `tf.distribute.Strategy` of a configuration.

    Args:
        config: Settings with `strategy` and `batch_size`.

    Returns:
        The strategy; TensorFlow's default one for a single device.

    Raises:
        UserError: If the devices cannot share a batch evenly.
    """
    devices = [
        device.name
        for device in tf.config.list_logical_devices("GPU")
        or tf.config.list_logical_devices("CPU")
    ]
    if config.strategy == "single" or len(devices) == 1:
        return tf.distribute.get_strategy()
    if config.batch_size % len(devices):
        raise UserError(
            f"--batch_size={config.batch_size} is the global batch, and cannot be "
            f"divided by {len(devices)} devices; give a multiple of {len(devices)}."
        )
    return tf.distribute.MirroredStrategy(devices)
