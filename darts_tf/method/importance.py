"""How much a search network loses without an operation (DARTS-PT, 2108.04392).

Alpha says how strongly an operation is mixed in, which is not how much the network
needs it. DARTS-PT measures that: the coefficient of one operation on one edge, the
same in all cells of the kind, becomes zero while the others stay as they are, and the
network is evaluated, with the statistics of each batch as in training.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from darts_tf.method.slots import OPERATIONS

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
        numbers = without_each_of(measure, coefficients, kind, np.ndindex(shape))
        found[kind] = {name: np.reshape(x, shape) for name, x in numbers.items()}
    return found


def without_each_of(
    measure: Measure,
    coefficients: CoefficientArrays,
    kind: str,
    places: Iterable[int | tuple[int, int]],
) -> dict[str, np.ndarray]:
    """Measures a network without one after the other of some places.

    Args:
        measure: See `without_each_operation`.
        coefficients: By kind of cell what `Architecture.coefficients` returns.
        kind: The kind of cell.
        places: Each an edge and an operation, or an edge alone, without which the
            network is measured.

    Returns:
        The numbers by name, arrays with an entry for each place.
    """
    numbers = [measure(without(coefficients, kind, place)) for place in places]
    return {
        name: np.array([float(each[name]) for each in numbers]) for name in numbers[0]
    }


def without(
    coefficients: CoefficientArrays, kind: str, place: int | tuple[int, int]
) -> CoefficientArrays:
    """Returns coefficients that are 0 in one place; arguments as `without_each_of`."""
    operations = np.array(coefficients[kind][OPERATIONS])
    operations[place] = 0
    return {**coefficients, kind: {**coefficients[kind], OPERATIONS: operations}}


def measure_on(measured: Callable[..., Any], batches: Sequence[Any]) -> Measure:
    """Returns a function of coefficients that gives the means over all batches.

    Args:
        measured: Function `measured` of a search, traced.
        batches: Validation batches in their order.
    """

    def measure(coefficients):
        totals, count, state = {}, 0, None
        for batch in batches:
            numbers, size, state = measured(batch, coefficients, state)
            count += int(size)
            for name, value in numbers.items():
                totals[name] = totals.get(name, 0.0) + float(value) * int(size)
        return {name: total / count for name, total in totals.items()}

    return measure
