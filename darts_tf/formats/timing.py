"""Times that exported models take for one image."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from darts_tf.errors import UserError
from darts_tf.formats import timed_calls


class Timing(NamedTuple):
    """How long the calls of some models took.

    Attributes:
        seconds: Of one call, shape `(models, repetitions)`.
        references: Of a call of the reference, right before each, in the same shape.
    """

    seconds: np.ndarray
    references: np.ndarray

    @property
    def ratios(self) -> np.ndarray:
        """Median of the ratios of a model to the reference beside it, `(models,)`."""
        return np.median(self.seconds / self.references, axis=1)

    @property
    def milliseconds(self) -> np.ndarray:
        """Median of the times of each model in milliseconds, `(models,)`."""
        return 1000 * np.median(self.seconds, axis=1)


def time_models(
    format: str,
    paths: Sequence[str | os.PathLike],
    threads: int = 1,
    repetitions: int = 20,
    seconds: float = 0.005,
) -> Timing:
    """Runs exported models in a fresh process, in rounds of all of them.

    Args:
        format: One of `FORMATS`.
        paths: What the runtime loads, the reference first.
        threads: Number of threads of the runtime.
        repetitions: Number of rounds.
        seconds: Least duration of what is timed at once.

    Raises:
        UserError: If the process fails.
    """
    request = {
        "format": format,
        "paths": [*map(os.fspath, paths)],
        "threads": threads,
        "repetitions": repetitions,
        "seconds": seconds,
    }
    # -P keeps Python from looking for modules in the folder of the script.
    result = subprocess.run(
        [sys.executable, "-P", timed_calls.__file__],
        input=json.dumps(request),
        capture_output=True,
        text=True,
    )
    if result.returncode:
        lines = result.stderr.strip().splitlines() or [str(result.returncode)]
        raise UserError(f"An exported network cannot be timed ({lines[-1]}).")
    answer = json.loads(result.stdout.splitlines()[-1])
    return Timing(np.array(answer["seconds"]), np.array(answer["references"]))
