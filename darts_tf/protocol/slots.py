"""The places in which parts of a protocol run, several at a time, on the GPUs."""

import contextlib
import os

import tensorflow as tf

from darts_tf.errors import UserError
from darts_tf.protocol.config import ProtocolConfig

_VISIBLE = "CUDA_VISIBLE_DEVICES"


def slots_of(config: ProtocolConfig) -> list[dict[str, str]]:
    """Returns the variables of the environment of each part that runs at a time.

    Each gets one GPU where there are any, which this process itself leaves alone.

    Args:
        config: The settings of the protocol.

    Raises:
        UserError: If there is no GPU of a number.
    """
    gpus = _chosen(config, _visible_gpus())
    count = config.workers or max(1, len(gpus))
    return [
        {_VISIBLE: gpus[number % len(gpus)]} if gpus else {} for number in range(count)
    ]


def _visible_gpus() -> list[str]:
    """The names of the GPUs for the environment of a process."""
    count = len(tf.config.list_physical_devices("GPU"))
    # Where TensorFlow has started, it holds their memory already.
    with contextlib.suppress(RuntimeError):
        tf.config.set_visible_devices([], "GPU")
    named = [name for name in os.environ.get(_VISIBLE, "").split(",") if name]
    return (named or [str(number) for number in range(count)])[:count]


def _chosen(config: ProtocolConfig, gpus: list[str]) -> list[str]:
    if not config.devices:
        return gpus
    numbers = [int(number) for number in config.devices]
    if max(numbers) >= len(gpus):
        has = f"0 to {len(gpus) - 1}" if gpus else "none"
        raise UserError(
            f"`devices`={','.join(config.devices)} must be numbers of GPUs; this "
            f"machine has {has}."
        )
    return [gpus[number] for number in numbers]
