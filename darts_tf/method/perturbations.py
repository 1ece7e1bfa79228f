"""Perturbations of the coefficients in the step of w, and of alpha in its own."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import keras
import tensorflow as tf

from darts_tf.method.architecture import OPERATIONS, Coefficients
from darts_tf.method.architecture_gradient import Gradients, Objective, Tensors
from darts_tf.method.slots import PACKAGE, Perturbation, Progress

# Of the random numbers of a step, one for each kind of cell.
_Matrices = Mapping[str, tf.Tensor]


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class RandomPerturbation(Perturbation):
    """Uniform noise on the coefficients (SDARTS-RS, arXiv 2002.05283).

    Args:
        radius: Largest change of a coefficient at the end of the search.
        first_radius: That of the first epoch; it grows linearly.
        epochs: Number of epochs.
    """

    radius: float = 0.3
    first_radius: float = 0.03
    epochs: int = 50

    def perturbed(
        self,
        coefficients: Coefficients,
        gradients: Callable[[Any], tuple[tf.Tensor, Any]],
        seed: tf.Tensor,
        progress: Progress,
    ) -> Coefficients:
        start = self._start(_operations(coefficients), seed, progress)
        return _with_operations(coefficients, start)

    def radius_at(self, progress: Progress) -> tf.Tensor:
        """Returns the largest change of a coefficient in an epoch."""
        done = tf.cast(progress.epoch, tf.float64) / self.epochs
        return self.first_radius + (self.radius - self.first_radius) * done

    def _start(self, base: _Matrices, seed, progress) -> _Matrices:
        radius, moved = self.radius_at(progress), {}
        for index, (kind, matrix) in enumerate(base.items()):
            key = tf.random.experimental.stateless_fold_in(seed, index)
            unit = tf.random.stateless_uniform(matrix.shape, key, -1.0, 1.0)
            noise = tf.cast(radius, matrix.dtype) * tf.cast(unit, matrix.dtype)
            moved[kind] = on_simplex(matrix + noise)
        return moved


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class AdversarialPerturbation(RandomPerturbation):
    """Coefficients near by at which the loss is large (SDARTS-ADV).

    Found by steps along the sign of the gradient, in an evaluation's pass over the
    training batch. Where the loss falls all the same, they stay as they are.

    Args:
        radius, first_radius, epochs: See `RandomPerturbation`.
        steps: Number of steps.
        random_start: Whether they begin at random coefficients near by.
        of_training: Whether the passes take the statistics of the batch, as networks
            without moving ones need it.
    """

    steps: int = 7
    random_start: bool = True
    of_training: bool = False

    @property
    def batch_statistics(self) -> bool:
        return self.of_training

    @property
    def passes_of_w(self) -> int:
        # Those before the first step and after the last one tell whether it falls.
        return self.steps + 2

    def perturbed(
        self,
        coefficients: Coefficients,
        gradients: Callable[[Any], tuple[tf.Tensor, Any]],
        seed: tf.Tensor,
        progress: Progress,
    ) -> Coefficients:
        base = _operations(coefficients)

        def loss_and_gradient(matrices):
            loss, of_all = gradients(_with_operations(coefficients, matrices))
            return loss, _operations(of_all)

        before, _ = loss_and_gradient(base)
        found = self._start(base, seed, progress) if self.random_start else base
        for _ in range(self.steps):
            _, gradient = loss_and_gradient(found)
            found = self.step(base, found, gradient, self.radius_at(progress))
        after, _ = loss_and_gradient(found)
        kept = {k: tf.where(after < before, base[k], found[k]) for k in base}
        return _with_operations(coefficients, kept)

    def step(
        self,
        base: _Matrices,
        found: _Matrices,
        gradient: _Matrices,
        radius: tf.Tensor,
    ) -> _Matrices:
        """Takes one step up, and comes back into the ball and onto the simplex.

        Args:
            base: The coefficients of the operations, of each kind of cell.
            found: Those that were found so far.
            gradient: The gradient of the loss there.
            radius: Of the ball, scalar tensor.
        """
        moved = {}
        for kind, centre in base.items():
            size = tf.cast(radius, centre.dtype)
            uphill = found[kind] + 2 * size / self.steps * tf.sign(gradient[kind])
            change = tf.clip_by_value(uphill - centre, -size, size)
            moved[kind] = on_simplex(centre + change)
        return moved


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class SharpnessAware(Perturbation):
    """Descends L(alpha + radius g(alpha)), g the gradient of L (A2M, arXiv 2503.10404).

    The gradient is g' + radius H g', with g' that of L at the moved alpha and H the
    Hessian of L at alpha. In the second order g and H are those of the validation loss
    at the weights as they are, and g' is that at the unrolled ones: the move is a
    function of alpha that does not look ahead.

    Args:
        radius: What the gradient is multiplied by; it is not divided by its norm.
    """

    passes_of_architecture: ClassVar[int] = 2
    radius: float = 0.1

    def architecture_gradients(
        self,
        gradients: Callable[[Tensors], Gradients],
        valid: Objective,
        w: Tensors,
        alpha: Tensors,
    ) -> Gradients:
        uphill = valid.alpha_gradients(w, alpha).alpha
        found = gradients([a + self.radius * g for a, g in zip(alpha, uphill)])
        product, _ = valid.alpha_product(w, alpha, found.alpha)
        moved = [g + self.radius * h for g, h in zip(found.alpha, product)]
        return found._replace(alpha=moved)


def on_simplex(matrix: tf.Tensor) -> tf.Tensor:
    """Brings each row to numbers from 0 to 1 with the sum 1, as the authors do.

    Numbers outside are cut off, and the row is divided by its sum. A row of which
    nothing is left is 1 where it was largest.
    """
    cut = tf.clip_by_value(matrix, 0, 1)
    total = tf.reduce_sum(cut, axis=-1, keepdims=True)
    largest = tf.one_hot(tf.argmax(matrix, -1), matrix.shape[-1], dtype=matrix.dtype)
    return tf.where(total > 0, cut / tf.where(total > 0, total, 1), largest)


def _operations(coefficients):
    return {kind: of_kind[OPERATIONS] for kind, of_kind in coefficients.items()}


def _with_operations(coefficients, matrices):
    return {
        kind: {**of_kind, OPERATIONS: matrices[kind]}
        for kind, of_kind in coefficients.items()
    }
