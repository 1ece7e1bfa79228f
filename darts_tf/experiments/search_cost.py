"""What a search has cost, counted alike whatever its method is."""

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from darts_tf.run_layout import RESULTS_FILE
from darts_tf.runs.run_config import damaged, read_json


class SearchCost(NamedTuple):
    """The cost of a search; its fields stand in the results of a search.

    Attributes:
        steps: Steps of the weights w, in a search by trials those of all trainings.
        passes: Passes forward and backward over a batch, of which a step of a training
            is one; a product with the Hessian counts as one. Validations do not count.
        device_seconds: Seconds of all epochs or trials with their validations, times
            the number of devices of each.
    """

    steps: int
    passes: int
    device_seconds: float


def cost_of_epochs(
    metrics: Mapping[str, Sequence[float]],
    passes_in: Callable[[int], int],
    devices: int,
) -> SearchCost | None:
    """Returns what the epochs of a search have cost.

    Args:
        metrics: Columns of the metrics, by name.
        passes_in: Function of an epoch, counted from 0, that returns the passes of a
            step in it.
        devices: Number of the devices.

    Returns:
        The `SearchCost`; `None` where the time of an epoch was not measured.
    """
    seconds = devices * sum(metrics["seconds"])
    if not math.isfinite(seconds):
        return None
    steps, passes, before = 0, 0, 0
    for epoch, step in zip(metrics["epoch"], map(int, metrics["step"])):
        # A stage with a model of its own may count from 0 again.
        of_epoch = step - before if step > before else step
        steps += of_epoch
        passes += of_epoch * passes_in(int(epoch) - 1)
        before = step
    return SearchCost(steps, passes, seconds)


def read_cost(folder: Path) -> SearchCost | None:
    """Returns the cost that the results of a search say.

    Args:
        folder: The run folder.

    Returns:
        The `SearchCost`; `None` where there are no results, or those of an earlier
        version, which say nothing of it.

    Raises:
        RunFolderError: If they are damaged.
    """
    path = folder / RESULTS_FILE
    results = read_json(path) if path.exists() else {}
    if not isinstance(results, dict) or "steps" not in results:
        return None
    values = [results.get(name) for name in SearchCost._fields]
    if not all(
        type(value) in (int, float) and math.isfinite(value) and value >= 0
        for value in values
    ):
        expected = f"{', '.join(SearchCost._fields)}, numbers from 0 up"
        raise damaged(path, expected, values)
    return SearchCost(*values)
