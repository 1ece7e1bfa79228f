"""How well predicted latencies agree with measured ones."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

# Near enough: a difference of this share of the measured latency.
NEAR = 0.1


class Accuracy(NamedTuple):
    """How well some predictions agree with measurements.

    Attributes:
        mean_error: Mean of the differences, as shares of what was measured.
        rank_correlation: Kendall's tau-b of both; NaN where all of one side are equal.
        near: Share of the predictions that are near enough.
    """

    mean_error: float
    rank_correlation: float
    near: float


class Line(NamedTuple):
    """A line through predictions and measurements.

    Attributes:
        scale: Milliseconds measured for one predicted.
        offset: Milliseconds measured where none are predicted.
    """

    scale: float
    offset: float

    def __call__(self, predicted: np.ndarray) -> np.ndarray:
        """Returns what it makes of predictions."""
        return self.scale * predicted + self.offset


def accuracy(predicted: Sequence[float], measured: Sequence[float]) -> Accuracy:
    """Compares predictions with measurements.

    Args:
        predicted: The latency of each network by a table.
        measured: The latency of each as a whole.
    """
    predicted, measured = (np.asarray(x, float) for x in (predicted, measured))
    errors = np.abs(predicted - measured) / measured
    return Accuracy(
        float(errors.mean()),
        kendall(predicted, measured),
        float((errors <= NEAR).mean()),
    )


def fitted(predicted: Sequence[float], measured: Sequence[float]) -> Line:
    """Returns the line of least squares, of the relative errors.

    Args:
        predicted, measured: See `accuracy`; of two networks at least.
    """
    predicted, measured = (np.asarray(x, float) for x in (predicted, measured))
    # Divided by what was measured, so that each network counts alike.
    matrix = np.stack([predicted, np.ones_like(predicted)], axis=1) / measured[:, None]
    (scale, offset), *_ = np.linalg.lstsq(matrix, np.ones_like(measured), rcond=None)
    return Line(float(scale), float(offset))


def left_out(predicted: Sequence[float], measured: Sequence[float]) -> np.ndarray:
    """Returns predictions by lines, each fitted to all other networks.

    Args:
        predicted, measured: See `accuracy`; of three networks at least.
    """
    predicted, measured = (np.asarray(x, float) for x in (predicted, measured))
    found = np.empty_like(predicted)
    for index in range(len(predicted)):
        others = np.arange(len(predicted)) != index
        found[index] = fitted(predicted[others], measured[others])(predicted[index])
    return found


def kendall(first: Sequence[float], second: Sequence[float]) -> float:
    """Returns Kendall's tau-b of two values of each of some things.

    Args:
        first: A value of each.
        second: Another value of each.
    """
    signs = [np.sign(np.subtract.outer(x, x)) for x in (first, second)]
    scale = math.sqrt(np.prod([(x * x).sum() for x in signs]))
    return float((signs[0] * signs[1]).sum() / scale) if scale else math.nan
