"""Decisions for good that a search makes between its epochs.

What is left of the operations is a matrix for each kind of cell, with a row for each
edge: 1 where an operation is left, and 0 where it is not. A row with a single 1 is
decided, and one without any is an edge that is removed.
"""

import dataclasses
from collections.abc import Callable, Mapping
from typing import ClassVar, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from darts_tf.errors import invalid_value
from darts_tf.method.importance import (
    CoefficientArrays,
    Measure,
    without_each_of,
)
from darts_tf.method.slots import OPERATIONS, PACKAGE, Slot
from darts_tf.space.cell_space import CellSpace
from darts_tf.space.search_space import SearchSpace
from darts_tf.space.topology import NONE

ACCURACY, LOSS = CRITERIA = "accuracy", "loss"
# Accuracies are shares of whole numbers of images: what is closer is equal.
_DIGITS = 9

# Chooses one of several rows or nodes.
Choose = Callable[[list[int]], int]


class Moment(NamedTuple):
    """A search before an epoch.

    Attributes:
        space: The `SearchSpace`.
        epoch: The epoch, counted from 0.
        seed: Integer of the run.
        left: By kind of cell what is left of the operations, shape `(edges,
            operations)`.
        coefficients: By kind of cell all that the edges get, by name, as arrays.
        measure: Function of no argument that returns a `Measure` on the validation
            half.
    """

    space: SearchSpace
    epoch: int
    seed: int
    left: Mapping[str, np.ndarray]
    coefficients: CoefficientArrays
    measure: Callable[[], Measure]


@dataclasses.dataclass(frozen=True)
class Decisions(Slot):
    """Which operations a search leaves out for good, and when.

    Attributes:
        measures: Whether they ask for the `Measure` of a `Moment`.
    """

    measures: ClassVar[bool] = False

    def decided(self, moment: Moment) -> dict[str, np.ndarray]:
        """Returns what is left of the operations from here on.

        Args:
            moment: The search before an epoch.
        """
        raise NotImplementedError

    def count_undecided(self, space: CellSpace, left: np.ndarray) -> int:
        """Returns how many decisions a kind of cell still needs.

        Args:
            space: The cells.
            left: What is left of their operations.
        """
        return len(undecided_rows(left))

    def scheduled_epoch(self, epoch: int) -> int:
        """Returns the epoch that the other parts of the method are told.

        Args:
            epoch: The epoch, counted from 0.
        """
        return epoch

    def starts_anew(self, epoch: int) -> bool:
        """Whether the optimizer of w starts anew with an epoch, counted from 0."""
        return False


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class Pruning(Decisions):
    """Operations with small coefficients leave (ASAP, arXiv 1904.04123).

    Before each epoch those leave whose coefficient is below `threshold` over the number
    of operations that the edge still has. The strongest never does.

    Args:
        threshold: From 0 to 1.
        first_epoch: First epoch, counted from 0, before which operations leave.
    """

    threshold: float = 0.4
    first_epoch: int = 0

    def decided(self, moment: Moment) -> dict[str, np.ndarray]:
        if moment.epoch < self.first_epoch:
            return dict(moment.left)
        return {
            kind: self._strong(moment.coefficients[kind][OPERATIONS], left)
            for kind, left in moment.left.items()
        }

    def _strong(self, coefficients, left):
        least = self.threshold / left.sum(axis=1, keepdims=True)
        strongest = np.max(coefficients * left, axis=1, keepdims=True)
        return left * (coefficients >= np.minimum(least, strongest))


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class Projection(Decisions):
    """The network says which operation it needs (DARTS-PT, arXiv 2108.04392).

    After the search proper each kind of cell decides one edge, drawn at random, and
    then tunes for some epochs. Each operation of the edge is left out, the others stay
    as they are, and the one without which the network is worst is the only one left.
    When all edges are decided, nodes that have more than they keep are: the edges
    without which the network is best are removed. All edges of a node are compared by
    the same evaluations, as in the authors' program.

    Args:
        first_epoch: The epoch before which the first decision is made, counted from 0.
        epochs: Number of epochs from one decision to the next.
        criterion: "accuracy" or "loss", what is worse without an operation.

    Raises:
        ValueError: If the criterion is another, or there are no such epochs.
    """

    measures: ClassVar[bool] = True
    first_epoch: int = 50
    epochs: int = 5
    criterion: str = ACCURACY

    def __post_init__(self):
        if self.criterion not in CRITERIA:
            raise invalid_value("criterion", f"one of {CRITERIA}", self.criterion)
        if self.first_epoch < 0 or self.epochs < 1:
            expected = "a number of epochs from 1 up, and a first one from 0 up"
            raise invalid_value("epochs", expected, (self.epochs, self.first_epoch))

    def decided(self, moment: Moment) -> dict[str, np.ndarray]:
        left, done = dict(moment.left), moment.epoch - self.first_epoch
        if done < 0 or done % self.epochs:
            return left
        measure, coefficients = moment.measure(), moment.coefficients
        for index, cell in enumerate(moment.space.cells):
            draw = np.random.default_rng((moment.seed, moment.epoch, index))
            decision = self.decision(
                cell, left[cell.kind], coefficients, measure, draw.choice
            )
            if decision is not None:
                left[cell.kind] = decision.left
                coefficients = decision.applied(coefficients, cell.kind)
        return left

    def decision(
        self,
        space: CellSpace,
        left: np.ndarray,
        coefficients: CoefficientArrays,
        measure: Measure,
        choose: Choose,
    ) -> "Decision | None":
        """Makes the next decision of a kind of cell.

        Args:
            space: The cells.
            left: What is left of their operations.
            coefficients: All that the edges of all kinds get.
            measure: Function of coefficients that returns numbers by name.
            choose: Function that chooses one of the rows or nodes to be decided.

        Returns:
            The `Decision`, or `None` if nothing is to be decided.
        """
        if rows := undecided_rows(left):
            return self._of_operation(
                space.kind, left, coefficients, measure, int(choose(rows))
            )
        if nodes := undecided_nodes(space, left):
            node = int(choose(nodes))
            return self._of_edges(space, left, coefficients, measure, node)
        return None

    def _of_operation(self, kind, left, coefficients, measure, row):
        columns = np.flatnonzero(left[row])
        places = [(row, column) for column in columns]
        found = without_each_of(measure, coefficients, kind, places)
        decided = left.copy()
        # The first of equals is the worst.
        decided[row] = np.eye(left.shape[1])[columns[np.argmin(self._worth(found))]]
        return Decision(decided, [row], found)

    def _of_edges(self, space, left, coefficients, measure, node):
        rows = rows_of_node(space, left, node)
        found = without_each_of(measure, coefficients, space.kind, rows)
        # The last of equals is the best; a stable order has it at the end.
        order = np.argsort(self._worth(found), kind="stable")
        removed = [rows[place] for place in order[space.num_places(node) :]]
        decided = left.copy()
        decided[removed] = 0
        return Decision(decided, removed, found)

    def _worth(self, found):
        """How good the network is in each place, as numbers to compare."""
        if self.criterion == LOSS:
            return -found[LOSS]
        return np.round(found[ACCURACY], _DIGITS)

    def count_undecided(self, space: CellSpace, left: np.ndarray) -> int:
        rows = undecided_rows(left)
        return len(rows) + len(undecided_nodes(space, left))

    def scheduled_epoch(self, epoch: int) -> int:
        return min(epoch, max(self.first_epoch - 1, 0))

    def starts_anew(self, epoch: int) -> bool:
        return epoch == self.first_epoch


class Decision(NamedTuple):
    """A decision on an edge or a node.

    Attributes:
        left: What is left of the operations of the kind of cell.
        rows: The edges of which that differs.
        found: What was measured, arrays with an entry for each candidate, by name.
    """

    left: np.ndarray
    rows: list[int]
    found: Mapping[str, np.ndarray]

    def applied(self, coefficients: CoefficientArrays, kind: str) -> CoefficientArrays:
        """Returns the coefficients with those of the decided edges replaced.

        Args:
            coefficients: All that the edges of all kinds get.
            kind: The kind of cell.
        """
        operations = np.array(coefficients[kind][OPERATIONS])
        operations[self.rows] = self.left[self.rows]
        return {**coefficients, kind: {**coefficients[kind], OPERATIONS: operations}}


def undecided_rows(left: np.ndarray) -> list[int]:
    """Returns the edges that have several operations left."""
    return np.flatnonzero(left.sum(axis=1) > 1).tolist()


def undecided_nodes(space: CellSpace, left: np.ndarray) -> list[int]:
    """Returns the nodes, counted from 0, that have more edges left than they keep.

    Args:
        space: The cells.
        left: What is left of their operations.
    """
    return [
        node
        for node in range(space.num_nodes)
        if len(rows_of_node(space, left, node)) > space.num_places(node)
    ]


def rows_of_node(space: CellSpace, left: np.ndarray, node: int) -> list[int]:
    """Returns the edges into a node that have any operation left."""
    rows = [space.row(node, source) for source in space.sources(node)]
    return [row for row in rows if left[row].any()]


def projection_epochs(space: SearchSpace, epochs: int) -> int:
    """Returns the number of epochs that a `Projection` takes, one after its last one.

    Args:
        space: The search space.
        epochs: Number of epochs from one decision to the next.
    """
    whole = Projection()
    counts = [whole.count_undecided(c, np.ones(c.alpha_shape)) for c in space.cells]
    return epochs * max(max(counts) - 1, 0) + 1


def left_coefficients(coefficients: tf.Tensor, left: tf.Tensor) -> tf.Tensor:
    """Returns the coefficients of the operations that are left.

    Rows with all of them stay. Where some have left, the others are divided by their
    sum. A decided row is 1 in one place, and that of a removed edge is 0; no gradient
    goes through either.

    Args:
        coefficients: Tensor of shape `(edges, operations)`.
        left: Of the same shape, ones and zeros.
    """
    count = tf.reduce_sum(left, axis=1, keepdims=True)
    some = coefficients * left
    total = tf.reduce_sum(some, axis=1, keepdims=True)
    fixed = tf.where(count > 1, tf.math.divide_no_nan(some, total), left)
    return tf.where(count == left.shape[1], coefficients, fixed)


def check_decidable(space: SearchSpace) -> None:
    """Refuses a space in which an edge could be decided that no cell can have.

    Args:
        space: The search space.

    Raises:
        ValueError: If `none` may be the last operation of an edge, but not be derived.
    """
    for cell in space.cells:
        if not cell.keeps_none and NONE in cell.all_operations:
            expected = f"operations other than {NONE!r}, where one of them is left"
            raise invalid_value("operations", expected, cell.all_operations)
