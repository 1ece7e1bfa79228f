"""The parts that a search method is made of, as base classes that do what DARTS does.

Each is data: a frozen dataclass, registered with Keras by
`keras.saving.register_keras_serializable`, whose fields are its configuration. A method
of one's own derives from one of them, and overrides what it does differently.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from darts_tf.autodiff import dual_operations
from darts_tf.autodiff.dual import Dual
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.method.architecture_gradient import Gradients, Objective, Tensors
from darts_tf.method.kept_operations import kept_operations
from darts_tf.space.cell_space import CellSpace
from darts_tf.space.search_space import SearchSpace

PACKAGE = "darts_tf.method"

# The name of the coefficients of the operations beside those that an edge gives.
OPERATIONS = "operations"

# The values of the architecture parameters of one kind of cell, by name.
Values = Mapping[str, tf.Tensor]
Arrays = Mapping[str, np.ndarray]


class Parameter(NamedTuple):
    """An architecture parameter of one kind of cell.

    Attributes:
        shape: Tuple of integers.
        initializer: Keras initializer of its value.
    """

    shape: tuple[int, ...]
    initializer: keras.Initializer


class Progress(NamedTuple):
    """How far a search is.

    Attributes:
        step: Number of steps of w taken, scalar integer tensor.
        epoch: Number of the epoch, counted from 0, scalar integer tensor.
    """

    step: tf.Tensor
    epoch: tf.Tensor


@dataclasses.dataclass(frozen=True)
class Slot:
    """Base of the parts of a method."""

    def get_config(self) -> dict[str, Any]:
        """Returns the fields, which make the same part again."""
        return {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> "Slot":
        return cls(**{k: _as_tuple(value) for k, value in config.items()})


def _as_tuple(value):
    return tuple(map(_as_tuple, value)) if isinstance(value, list) else value


@dataclasses.dataclass(frozen=True)
class ParametricSlot(Slot):
    """Base of the parts that have architecture parameters or random draws.

    Attributes:
        draws: Whether `draw` gives anything. It is then asked once a step for each of
            the two batches, and every pass over a batch in that step takes its draw.
    """

    draws: ClassVar[bool] = False

    def parameters(self, space: CellSpace) -> dict[str, Parameter]:
        """Returns the architecture parameters of a kind of cell by name.

        Args:
            space: The cells.
        """
        return {}

    def draw(self, space: CellSpace, seed: tf.Tensor, progress: Progress) -> Any:
        """Draws what is fixed within a step: noise, a temperature.

        Args:
            space: The cells.
            seed: Integer tensor of shape `(2,)`, on which alone randomness depends.
            progress: The `Progress` of the search.

        Returns:
            A nest of tensors.
        """
        raise NotImplementedError

    def settled(self, space: CellSpace, progress: Progress) -> Any:
        """Returns what stands for a draw in an evaluation, where nothing is drawn.

        Args:
            space: The cells.
            progress: The `Progress` of the search.

        Returns:
            What depends on the epoch alone, such as a temperature, or `None`.
        """
        return None


@dataclasses.dataclass(frozen=True)
class Edge(ParametricSlot):
    """How mixed operations stand on the edges; this one is the edge itself.

    An edge may feed its mixed operation a part of the channels, weigh its output by
    parameters of its own, or add to it.

    Attributes:
        takes_duals: Whether its layers also take `Dual`s as what `coefficients` gives.
            Otherwise the Hessian in the architecture goes through nested gradient
            tapes, which is slower.
    """

    takes_duals: ClassVar[bool] = False

    def layer(
        self,
        mixed_op: keras.Layer,
        channels: int,
        stride: int,
        num_targets: int,
        **arguments: Any,
    ) -> keras.Layer:
        """Returns the layer of all edges from one state, called as a `MixedOp` is.

        It also gets by name, as tensors of shape `(num_targets, ...)`, those rows of
        the coefficients that this part gives which belong to its edges.

        Args:
            mixed_op: The `MixedOp`, not built.
            channels: Number of channels of the state, and of every output.
            stride: 1, or 2 where the edges halve height and width.
            num_targets: Number of edges.
            **arguments: Of a Keras layer, `dtype` and `name`.
        """
        return mixed_op

    def state(self, outputs: Sequence[Any]) -> tf.Tensor | Dual:
        """Returns the state of a node.

        Args:
            outputs: What the layers returned for the edges that enter it.
        """
        return dual_operations.add_n(outputs)

    def coefficients(
        self, space: CellSpace, values: Values, drawn: Any = None
    ) -> dict[str, tf.Tensor]:
        """Returns what the layers get beside the coefficients of the operations.

        Args:
            space: The cells.
            values: The values of this part's `parameters`.
            drawn: What `draw` gave, or `None` outside of a step.

        Returns:
            Tensors of shape `(edges, ...)` by name.
        """
        return {}

    def strengths(self, space: CellSpace, arrays: Arrays) -> np.ndarray | float:
        """Returns the factor of the strengths of the operations of each edge.

        Args:
            space: The cells.
            arrays: The values of this part's `parameters`.

        Returns:
            Array of shape `(edges, 1)`, or a number.
        """
        return 1.0

    def soft_strengths(self, space: CellSpace, values: Values) -> tf.Tensor | float:
        """Returns the same as `strengths`, as a function that gradients go through.

        Args:
            space: The cells.
            values: The values of this part's `parameters`.
        """
        return 1.0


@dataclasses.dataclass(frozen=True)
class Term(Slot):
    """What the loss of the architecture has beside the validation loss."""

    def value(self, values: Mapping[str, Values], progress: Progress) -> tf.Tensor:
        """Returns the scalar that is added.

        Args:
            values: The architecture parameters of each kind of cell, by name.
            progress: The `Progress` of the search.
        """
        raise NotImplementedError


@dataclasses.dataclass(frozen=True)
class Perturbation(Slot):
    """A change of what a step is taken at.

    In the step of w it changes the coefficients, in that of the architecture alpha;
    either stays as it is by default.

    Attributes:
        batch_statistics: Whether the gradients that `perturbed` asks for are those of a
            training pass, or of an evaluation with the moving statistics.
        passes_of_w, passes_of_architecture: Number of passes over a batch that it adds
            to a step of w, and to one of the architecture.
    """

    batch_statistics: ClassVar[bool] = True
    passes_of_w: ClassVar[int] = 0
    passes_of_architecture: ClassVar[int] = 0

    def perturbed(
        self,
        coefficients: Mapping[str, dict[str, tf.Tensor]],
        gradients: Callable[[Any], tuple[tf.Tensor, Any]],
        seed: tf.Tensor,
        progress: Progress,
    ) -> Mapping[str, dict[str, tf.Tensor]]:
        """Returns the coefficients with which w takes its step.

        Args:
            coefficients: By kind of cell what `Architecture.coefficients` returns.
            gradients: Function of such coefficients that returns the training loss
                and its gradient in them, in the same structure.
            seed: Integer tensor of shape `(2,)`, on which alone randomness depends.
            progress: The `Progress` of the search.
        """
        return coefficients

    def architecture_gradients(
        self,
        gradients: Callable[[Tensors], Gradients],
        valid: Objective,
        w: Tensors,
        alpha: Tensors,
    ) -> Gradients:
        """Returns the `Gradients` by which the architecture takes its step.

        Args:
            gradients: Function of alpha that returns those of the method's order.
            valid: The validation loss.
            w, alpha: Where the step begins.
        """
        return gradients(alpha)


@dataclasses.dataclass(frozen=True)
class Selection(Slot):
    """How the genotype follows from the strengths; this one is DARTS' way."""

    def genotype(
        self, space: SearchSpace, strengths: Mapping[str, np.ndarray]
    ) -> SavedGenotype:
        """Returns the genotype.

        Args:
            space: The search space.
            strengths: The strength of each operation on each edge, of each kind of cell
                an array of shape `(edges, operations)`.
        """
        return space.derive(strengths)

    def kept(
        self, space: CellSpace, strengths: tf.Tensor, temperature: float
    ) -> tf.Tensor:
        """Returns the probability of each operation to stand in the derived cell.

        As the temperature falls to 0, it must become 1 for what stands in the cell of
        the genotype, and 0 for everything else.

        Args:
            space: The cells of a kind.
            strengths: The strengths of the operations, shape `(edges, operations)`.
            temperature: The temperature, above 0.

        Returns:
            Tensor of the same shape, through which gradients go.
        """
        return kept_operations(space, strengths, temperature)
