"""Schedules of the learning rate, constant within an epoch."""

import math


def cosine(start: float, end: float, epoch: float, epochs: float) -> float:
    """From `start` towards `end` along half a cosine.

    Args:
        start, end: Values in epoch 0, and after the last one.
        epoch: The epoch, counted from 0.
        epochs: Number of epochs.
    """
    return end + (start - end) * (1 + math.cos(math.pi * epoch / epochs)) / 2
