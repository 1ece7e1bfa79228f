"""How much a search network loses without an operation (DARTS-PT, 2108.04392).

Alpha says how strongly an operation is mixed in, which is not how much the network
needs it. DARTS-PT measures that: the coefficient of one operation on one edge, the
same in all cells of the kind, becomes zero while the others stay as they are, and the
network is evaluated, with the statistics of each batch as in training.
"""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from darts_tf.method.architecture import OPERATIONS

# Of a kind of cell all that its edges get, by name, as arrays.
CoefficientArrays = Mapping[str, Mapping[str, np.ndarray]]
Measure = Callable[[CoefficientArrays], Mapping[str, float]]


def without_each_operation(
    measure: Measure, coefficients: CoefficientArrays
) -> dict[str, dict[str, np.ndarray]]:
    """Measures a network without each operation of each edge.

    Args:
        measure: Function of coefficients that returns numbers by name, such as the
            accuracy and the loss.
        coefficients: By kind of cell what `Architecture.coefficients` returns.

    Returns:
        For each kind of cell the numbers by name, arrays of shape `(edges,
        operations)`.
    """
    found = {}
    for kind, of_kind in coefficients.items():
        shape = of_kind[OPERATIONS].shape
        numbers = [measure(other) for other in _without_each(coefficients, kind)]
        found[kind] = {
            name: np.reshape([float(each[name]) for each in numbers], shape)
            for name in numbers[0]
        }
    return found


def _without_each(
    coefficients: CoefficientArrays, kind: str
) -> Iterator[CoefficientArrays]:
    operations = coefficients[kind][OPERATIONS]
    for place in np.ndindex(operations.shape):
        without = np.array(operations)
        without[place] = 0
        yield {**coefficients, kind: {**coefficients[kind], OPERATIONS: without}}
