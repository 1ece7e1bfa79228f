"""Comparison of an exported network with the network that it was made from."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from darts_tf.errors import UserError
from darts_tf.serving import runtimes

# Largest difference, as a share of the largest logit. Other orders of summation in
# float32 make about a hundredth of it.
TOLERANCE = 1e-4


def verify_outputs(
    format: str,
    path: str | os.PathLike,
    images: np.ndarray,
    expected: Mapping[str, np.ndarray],
    is_random: bool = False,
) -> dict[str, float]:
    """Runs an exported network in a fresh process and compares its outputs.

    Args:
        format: Key of `RUNTIMES`.
        path: The exported file or folder.
        images: uint8 array of shape `(batch, height, width, channels)`.
        expected: Dictionary of arrays of shape `(batch, classes)`, the network's
            `logits` and `probabilities`; an entry such as `serving_bytes logits` goes
            before, for that signature.
        is_random: Whether the network draws random numbers. Then its outputs are to be
            finite, and else of any values.

    Returns:
        Dictionary of the largest absolute difference of each output.

    Raises:
        UserError: If the process fails or a difference is above the tolerance.
    """
    outputs = _run(format, path, images)
    kinds = {name: name.split()[-1] for name in outputs}
    missing = expected.keys() - outputs.keys() - set(kinds.values())
    if missing:
        raise UserError(f"The exported network has no {' and no '.join(missing)}.")
    # The tolerance is no less than what rounding may make of a probability.
    tolerance = max(1e-6, TOLERANCE * np.abs(expected["logits"]).max())
    if is_random:
        tolerance = np.finfo(np.float32).max
    differences = {
        name: float(np.abs(values - expected.get(name, expected[kinds[name]])).max())
        for name, values in outputs.items()
        if kinds[name] in expected
    }
    for name, difference in differences.items():
        # `not` comes first, because every comparison with NaN is false.
        if not difference <= tolerance:
            raise UserError(
                f"The exported network's {name} differ from the network's by "
                f"{difference:.2g}, more than {tolerance:.2g}; nothing was exported. "
                "Try another `format`."
            )
    return differences


def _run(format, path, images):
    with tempfile.TemporaryDirectory() as folder:
        inputs, outputs = (Path(folder) / name for name in ("in.npy", "out.npz"))
        np.save(inputs, images)
        # -P keeps Python from looking for modules in the folder of the script.
        command = [sys.executable, "-P", runtimes.__file__, format]
        result = subprocess.run(
            [*command, str(path), str(inputs), str(outputs)],
            capture_output=True,
            text=True,
        )
        if result.returncode:
            lines = result.stderr.strip().splitlines() or [str(result.returncode)]
            raise UserError(
                f"The exported network cannot be run by itself ({lines[-1]}); nothing "
                "was exported."
            )
        with np.load(outputs) as file:
            return dict(file)
