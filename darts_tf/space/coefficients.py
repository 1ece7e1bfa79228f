"""The coefficients of the operations that alpha stands for (paper, equation 2)."""

import numpy as np


def softmax(alpha: np.ndarray) -> np.ndarray:
    """Returns the coefficients of the primitives, in float64 (paper, equation 2).

    Args:
        alpha: Architecture parameters of shape `(..., primitives)`.
    """
    alpha = np.asarray(alpha, dtype=np.float64)
    exponentials = np.exp(alpha - alpha.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def entropy(alpha: np.ndarray) -> float:
    """Returns the mean entropy of the edges' coefficients, in nats.

    It falls from `log(primitives)` to 0 as the search makes up its mind.

    Args:
        alpha: Architecture parameters of shape `(edges, primitives)`.
    """
    coefficients = softmax(alpha)
    # The limit of p log p at p = 0 is 0.
    logarithms = np.log(np.where(coefficients > 0, coefficients, 1))
    return float(-(coefficients * logarithms).sum(axis=-1).mean())


def finite_alpha(alpha: object, shape: tuple[int, int]) -> np.ndarray:
    """Returns alpha as a float64 array of a shape.

    Args:
        alpha: What should be an array.
        shape: Number of edges and of operations.

    Raises:
        ValueError: If it is no array, of another shape, or not finite.
    """
    try:
        alpha = np.asarray(alpha, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"Received an invalid value for `alpha`, expected an array: {error}"
        ) from error
    if alpha.shape != shape:
        raise ValueError(
            f"Received an invalid value for `alpha`, expected shape {shape}, a row for "
            "each edge and a column for each operation of the cell. Received: shape "
            f"{alpha.shape}"
        )
    if not np.isfinite(alpha).all():
        row, column = np.argwhere(~np.isfinite(alpha))[0]
        raise ValueError(
            "Received an invalid value for `alpha`, expected finite numbers. Received: "
            f"alpha[{row}, {column}]={alpha[row, column]}"
        )
    return alpha
