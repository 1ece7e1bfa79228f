"""The architecture parameters of a network, and what they stand for."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.method.decisions import check_decidable, left_coefficients
from darts_tf.method.methods import SearchMethod
from darts_tf.method.slots import OPERATIONS, Progress
from darts_tf.space.search_space import SearchSpace

Coefficients = Mapping[str, dict[str, tf.Tensor]]


class Architecture:
    """The variables that a search moves beside w.

    Args:
        space: `SearchSpace` of the network.
        method: `SearchMethod`.
        add_weight: The method of the Keras layer that owns the variables.

    Attributes:
        space, method: As given.
        variables: List of the Keras variables: the alpha of each kind of cell in the
            order of the space, then in the same order what the method has beside it.
        left: Where the method has `Decisions`, by kind of cell the Keras variable of
            what is left of the operations, which no step moves.
    """

    def __init__(
        self,
        space: SearchSpace,
        method: SearchMethod,
        add_weight: Callable[..., keras.Variable],
    ):
        self.space, self.method = space, method
        of_kinds = {
            cell.kind: {
                **method.relaxation.parameters(cell),
                **method.edge.parameters(cell),
            }
            for cell in space.cells
        }
        self._places = [
            (kind, name) for name in of_kinds[space.kinds[0]] for kind in space.kinds
        ]
        self.variables = [
            add_weight(
                shape=of_kinds[kind][name].shape,
                initializer=of_kinds[kind][name].initializer,
                autocast=False,
                name=f"{name}_{kind}" if len(space.kinds) > 1 else name,
            )
            for kind, name in self._places
        ]
        self.left = {}
        if method.decisions is not None:
            check_decidable(space)
            self.left = {
                cell.kind: add_weight(
                    shape=cell.alpha_shape,
                    initializer="ones",
                    trainable=False,
                    autocast=False,
                    name=f"left_{cell.kind}",
                )
                for cell in space.cells
            }

    def by_kind(self, values: Sequence[Any]) -> dict[str, dict[str, Any]]:
        """Returns what belongs to the variables, by kind of cell and name.

        Args:
            values: In the order of `variables`.
        """
        of_kinds = {kind: {} for kind in self.space.kinds}
        for (kind, name), value in zip(self._places, values, strict=True):
            of_kinds[kind][name] = value
        return of_kinds

    def arrays(self) -> dict[str, dict[str, np.ndarray]]:
        """Returns the values of the variables, by kind of cell and name."""
        return self.by_kind([variable.numpy() for variable in self.variables])

    def draw(self, seed: tf.Tensor, progress: Progress) -> dict[str, Any]:
        """Draws what is fixed within a step, for one of its batches.

        Args:
            seed: Integer tensor of shape `(2,)`.
            progress: The `Progress` of the search.

        Returns:
            What `coefficients` takes.
        """
        drawn = {}
        for index, cell in enumerate(self.space.cells):
            for role, part in enumerate((self.method.relaxation, self.method.edge)):
                key = tf.random.experimental.stateless_fold_in(seed, 2 * index + role)
                of_part = part.draw(cell, key, progress) if part.draws else None
                drawn.setdefault(cell.kind, []).append(of_part)
        return drawn

    def settled(self, progress: Progress) -> dict[str, Any]:
        """Returns what stands for a draw in an evaluation; arguments as `draw`."""
        parts = (self.method.relaxation, self.method.edge)
        return {
            cell.kind: [part.settled(cell, progress) for part in parts]
            for cell in self.space.cells
        }

    def coefficients(
        self,
        values: Sequence[tf.Tensor] | None = None,
        drawn: Mapping[str, Any] | None = None,
    ) -> Coefficients:
        """Returns what weighs the operations, and what else the edges take.

        Args:
            values: In place of those of `variables`.
            drawn: What `draw` gave, or `None` outside of a step.

        Returns:
            For each kind of cell a dictionary of tensors with a row for each edge:
            "operations", of shape `(edges, operations)`, and those of the method's
            `Edge`.
        """
        if values is None:
            values = [tf.convert_to_tensor(variable) for variable in self.variables]
        relaxation, edge = self.method.relaxation, self.method.edge
        coefficients = {}
        for kind, of_kind in self.by_kind(values).items():
            space = self.space.of(kind)
            own, of_edge = drawn[kind] if drawn else (None, None)
            coefficients[kind] = {
                OPERATIONS: relaxation.coefficients(space, of_kind, own),
                **edge.coefficients(space, of_kind, of_edge),
            }
        return self.decided(coefficients)

    def decided(self, coefficients: Coefficients) -> Coefficients:
        """Returns coefficients without the operations that have left for good.

        Args:
            coefficients: Those of all operations.
        """
        if not self.left:
            return coefficients
        return {
            kind: {
                **of_kind,
                OPERATIONS: left_coefficients(
                    of_kind[OPERATIONS], tf.convert_to_tensor(self.left[kind])
                ),
            }
            for kind, of_kind in coefficients.items()
        }

    @property
    def num_undecided(self) -> int:
        """Number of decisions that are still to be made for good."""
        return sum(
            self.method.decisions.count_undecided(cell, self.left[cell.kind].numpy())
            for cell in self.space.cells
            if self.left
        )

    def strengths(
        self,
        arrays: Mapping[str, Mapping[str, np.ndarray]] | None = None,
        left: Mapping[str, np.ndarray] | None = None,
    ) -> dict[str, np.ndarray]:
        """Returns the strengths of the operations by kind of cell.

        Those that have left for good have none.

        Args:
            arrays: In place of `arrays()`.
            left: In place of the values of what is left of the operations.
        """
        arrays = self.arrays() if arrays is None else arrays
        found = strengths(self.space, self.method, arrays)
        if left is None:
            left = {kind: variable.numpy() for kind, variable in self.left.items()}
        return {kind: x * left[kind] if left else x for kind, x in found.items()}

    def soft_strengths(self, values: Sequence[tf.Tensor]) -> dict[str, tf.Tensor]:
        """Returns the same as `strengths`, as a function that gradients go through.

        Args:
            values: In place of those of `variables`.
        """
        found, method = {}, self.method
        for kind, of_kind in self.by_kind(values).items():
            space = self.space.of(kind)
            factor = method.edge.soft_strengths(space, of_kind)
            found[kind] = method.relaxation.soft_strengths(space, of_kind) * factor
            if self.left:
                found[kind] *= tf.convert_to_tensor(self.left[kind])
        return found

    def genotype(self) -> SavedGenotype:
        """Derives the discrete architecture (paper, section 2.4)."""
        return self.method.selection.genotype(self.space, self.strengths())


def strengths(
    space: SearchSpace,
    method: SearchMethod,
    arrays: Mapping[str, Mapping[str, np.ndarray]],
) -> dict[str, np.ndarray]:
    """Returns how strong the operations are by which a genotype is chosen.

    Args:
        space: The search space.
        method: The method.
        arrays: The architecture parameters of each kind of cell, by name.

    Returns:
        For each kind of cell an array of shape `(edges, operations)`.
    """
    return {
        cell.kind: method.relaxation.strengths(cell, arrays[cell.kind])
        * method.edge.strengths(cell, arrays[cell.kind])
        for cell in space.cells
    }
