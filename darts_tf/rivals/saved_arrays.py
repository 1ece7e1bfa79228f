"""Arrays of float64 in JSON: their bytes as text, which keeps every bit."""

import base64
from collections.abc import Mapping

import numpy as np

from darts_tf.errors import invalid_value

# Little-endian on every machine.
_TYPE = "<f8"


def save_arrays(arrays: Mapping[str, np.ndarray]) -> dict[str, str]:
    """Returns the arrays by name in base64."""
    return {
        name: base64.b64encode(array.astype(_TYPE).tobytes()).decode("ascii")
        for name, array in arrays.items()
    }


def load_arrays(arrays: Mapping[str, np.ndarray], saved: Mapping[str, str]) -> None:
    """Fills arrays with what `save_arrays` returned of those of the same shapes.

    Raises:
        ValueError: If the names or the sizes are others, or the text is no base64.
    """
    if set(saved) != set(arrays):
        raise invalid_value("saved", f"arrays {', '.join(arrays)}", list(saved))
    for name, array in arrays.items():
        values = np.frombuffer(base64.b64decode(saved[name], validate=True), _TYPE)
        array[...] = values.reshape(array.shape)
