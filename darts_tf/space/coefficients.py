"""Arrays with a row for each edge and a column for each operation."""

import numpy as np


def entropy(coefficients: np.ndarray) -> float:
    """Returns the mean entropy of the edges' coefficients, in nats.

    It falls from `log(operations)` to 0 as the search makes up its mind.

    Args:
        coefficients: Those of the operations, shape `(edges, operations)`, with rows
            that sum to 1.
    """
    # The logarithm is taken of 1 where p is 0, since the limit of p log p there is 0.
    logarithms = np.log(np.where(coefficients > 0, coefficients, 1))
    return float(-(coefficients * logarithms).sum(axis=-1).mean())


def finite_array(name: str, array: object, shape: tuple[int, int]) -> np.ndarray:
    """Returns an array as float64, after a look at its shape and values.

    Args:
        name: What errors call it.
        array: What should be an array.
        shape: Number of edges and of operations.

    Raises:
        ValueError: If it is no array, of another shape, or not finite.
    """
    try:
        array = np.asarray(array, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"Received an invalid value for `{name}`, expected an array: {error}"
        ) from error
    if array.shape != shape:
        raise ValueError(
            f"Received an invalid value for `{name}`, expected shape {shape}, a row "
            "for each edge and a column for each operation of the cell. Received: "
            f"shape {array.shape}"
        )
    if not np.isfinite(array).all():
        row, column = np.argwhere(~np.isfinite(array))[0]
        raise ValueError(
            f"Received an invalid value for `{name}`, expected finite numbers. "
            f"Received: {name}[{row}, {column}]={array[row, column]}"
        )
    return array
