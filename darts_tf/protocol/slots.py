"""The places in which parts of a protocol run, several at a time, on the GPUs."""

import contextlib

import tensorflow as tf

from darts_tf.distribution.devices import chosen_gpus, device_environments
from darts_tf.protocol.config import ProtocolConfig


def slots_of(config: ProtocolConfig) -> list[dict[str, str]]:
    """Returns the variables of the environment of each part that runs at a time.

    Each gets one GPU where there are any, which this process itself leaves alone.

    Args:
        config: The settings of the protocol.

    Raises:
        UserError: If there is no GPU of a number, or one is given twice.
    """
    gpus = chosen_gpus(config.devices) or tf.config.list_physical_devices("GPU")
    slots = device_environments(config.devices, config.workers or max(1, len(gpus)))
    # Where TensorFlow has started, it holds their memory already.
    with contextlib.suppress(RuntimeError):
        tf.config.set_visible_devices([], "GPU")
    return slots
