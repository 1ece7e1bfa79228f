"""The mixin of models that search convolutional or recurrent cells."""

import contextlib
from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from darts_tf.autodiff.custom_gradients import forgettable
from darts_tf.autodiff.tracing_speed import opaque_calls
from darts_tf.cpython_private import with_room_for_frames
from darts_tf.errors import invalid_value
from darts_tf.method import architecture_gradient
from darts_tf.method.architecture_cost import ArchitectureCost
from darts_tf.method.methods import ALPHA_FIRST, SearchMethod
from darts_tf.method.search.costed_search import CostedSearch
from darts_tf.method.search.deciding_search import DecidingSearch
from darts_tf.method.search.drawing_search import (
    PERTURBATION,
    TRAIN,
    VALID,
    DrawingSearch,
)
from darts_tf.method.search.eigenvalue_search import EigenvalueSearch
from darts_tf.method.search.scheduled_search import ScheduledSearch
from darts_tf.method.slots import Perturbation
from darts_tf.optimization.loss_scale import RevocableStep, make_loss_scale

_PRODUCTS = {
    "exact": architecture_gradient.exact_product,
    "finite_difference": architecture_gradient.finite_difference_product,
}


class ArchitectureSearch(
    ScheduledSearch, DrawingSearch, DecidingSearch, EigenvalueSearch, CostedSearch
):
    """Mixin of Keras models each of whose steps moves the architecture and w.

    The network's `SearchMethod` says how, and in which order. A subclass has a
    `network` with an `architecture` and `weights_w`, a `gradient_clip`, a `seed`, and
    `_step`, which calls `_move`, and `_validation_batch`; and from `compile` on an
    `optimizer` of w, `replicas`, and `network_loss`, the `NetworkLoss` that the
    architecture descends.

    Attributes:
        clips_unrolled: Whether `gradient_clip` is also for the step to the unrolled
            weights and for the gradient there. The authors' searches differ in this.
        loss_scale: `LossScale` of a network that computes in float16, or `None`.
    """

    clips_unrolled = False
    _freezing: Any = None

    def _set_method(
        self, order, hessian, arch_gradient_clip=None, clip_with_alpha=False
    ):
        for name, value, choices in (
            ("order", order, ("first", "second")),
            ("hessian", hessian, tuple(_PRODUCTS)),
        ):
            if value not in choices:
                raise invalid_value(name, f"one of {choices}", value)
        if order == "second" and self.network.method.levels == 1:
            expected = "'first', since the method moves all by one gradient"
            raise invalid_value("order", expected, order)
        perturbs_w = type(self._perturbation).perturbed is not Perturbation.perturbed
        if clip_with_alpha and perturbs_w:
            expected = "`False` where the step of w is perturbed, without alpha"
            raise invalid_value("clip_with_alpha", expected, clip_with_alpha)
        self.order, self.hessian = order, hessian
        self.arch_gradient_clip = arch_gradient_clip
        self.clip_with_alpha = clip_with_alpha

    def _build_optimizers(
        self, architecture_optimizer, cost: ArchitectureCost | None = None
    ):
        """Completes `compile`: both optimizers, the scale of the loss, and the cost."""
        # What an earlier `compile` had traced computes its loss.
        for traced in ("_traced_product", "traced_measured"):
            vars(self).pop(traced, None)
        self._set_cost(cost)
        self.architecture_optimizer = architecture_optimizer
        self.optimizer.build(self.network.weights_w)
        self.architecture_optimizer.build(self.network.alphas)
        self.loss_scale = make_loss_scale(self.network.compute_dtype)
        self._begin_schedule()

    @property
    def method(self) -> SearchMethod:
        """The `SearchMethod` of the network."""
        return self.network.method

    @property
    def passes(self) -> int:
        """Number of passes over a batch that a step takes; a product counts as one."""
        if self.method.levels == 1:
            return self._passes_of_w
        second = {"exact": 3, "finite_difference": 4}[self.hessian]
        of_alpha = 1 if self.order == "first" else second
        return self._passes_of_w + of_alpha + self._perturbation.passes_of_architecture

    def passes_in(self, epoch: int) -> int:
        """Returns the `passes` of a step in an epoch, counted from 0.

        They are fewer where w alone moves.
        """
        decisions = self.method.decisions
        epoch = decisions.scheduled_epoch(epoch) if decisions else epoch
        moves = self.method.schedule.moves_architecture(epoch)
        return self.passes if moves else self._passes_of_w

    @property
    def _passes_of_w(self):
        return 1 + self._perturbation.passes_of_w

    @property
    def _perturbation(self):
        return self.method.perturbation or Perturbation()

    @property
    def state_variables(self) -> list[keras.Variable]:
        """What a checkpoint after an epoch holds: all that steps move."""
        return [
            *self.network.variables,
            *self.optimizer.variables,
            *self.architecture_optimizer.variables,
            *(self._freezing.variables if self._freezing else ()),
            *self.cost_variables,
            *(self.loss_scale.variables if self.loss_scale else ()),
        ]

    @with_room_for_frames
    @forgettable
    def train_step(self, data):
        return opaque_calls(self._step)(data)

    def _begin_step(self):
        return RevocableStep(self.loss_scale, self.replicas, self.state_variables)

    def architecture_gradients(
        self, train_batch: Sequence[Any], valid_batch: Sequence[Any]
    ) -> architecture_gradient.Gradients:
        """Gradient in alpha that the next step would use; changes nothing.

        Args:
            train_batch, valid_batch: Arguments of `NetworkLoss.on_batch`.

        Returns:
            `Gradients`, its `aux` the network's output for the validation batch and
            the values of its non-trainable variables. The loss is that of the network,
            without the method's terms and the cost.
        """
        w, alpha = self._values()
        valid = self.network_loss.on_batch(*valid_batch)
        product = _PRODUCTS[self.hessian]

        def gradients(alpha):
            if self.order == "first" and self._freezing:
                return valid.gradients(w, alpha)
            if self.order == "first":
                return architecture_gradient.first_order(valid, w, alpha)
            return architecture_gradient.second_order(
                self.network_loss.on_batch(*train_batch),
                valid,
                w,
                alpha,
                xi=tf.cast(self.optimizer.learning_rate, w[0].dtype),
                direction=lambda g: self._free(self.optimizer.direction(g, w)),
                product=lambda train, w, alpha, v: product(
                    train, w, alpha, self._free(v)
                ),
                clip_norm=self.gradient_clip if self.clips_unrolled else None,
                slope=getattr(self.optimizer, "slope", 1),
            )

        found = self._perturbation.architecture_gradients(gradients, valid, w, alpha)
        return self._with_terms(found, alpha, VALID)

    def _with_terms(self, gradients, alpha, role):
        """Adds the gradient of the method's terms and of the cost to that of a loss."""
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(alpha)
            values = self.network.architecture.by_kind(alpha)
            terms = [term.value(values, self._progress()) for term in self.method.terms]
            of_cost = self._cost_value(alpha, role)
            terms += [] if of_cost is None else [of_cost]
            if not terms:
                return gradients
            value = tf.add_n(terms)
        of_terms = tape.gradient(value, alpha, **architecture_gradient.ZERO)
        return gradients._replace(
            alpha=[g + t for g, t in zip(gradients.alpha, of_terms)]
        )

    def _move(self, train_batch, valid_batch):
        """Takes a step of the architecture and of w.

        Args:
            train_batch, valid_batch: Arguments of `NetworkLoss.on_batch`.

        Returns:
            `Gradients` of the architecture, `Gradients` of w, and the norm of the
            latter in w. Without a pass over the validation batch the first have the
            loss and the output for the training batch.
        """
        if not self._moves_architecture:
            weights, norm = self._weight_step(train_batch)
            return weights._replace(alpha=_zeros(self.network.alphas)), weights, norm
        if self.method.levels == 1:
            return self._single_level_step(train_batch)
        if self.method.update_order == ALPHA_FIRST:
            architecture = self._architecture_step(train_batch, valid_batch)
            return architecture, *self._weight_step(train_batch)
        weights, norm = self._weight_step(train_batch)
        return self._architecture_step(train_batch, valid_batch), weights, norm

    @property
    def _reads_validation(self):
        """Whether a step takes a pass over the validation batch."""
        return self._moves_architecture and self.method.levels == 2

    def _single_level_step(self, train_batch):
        """Moves the architecture and w by one gradient of the training loss."""
        _, alpha = self._values()
        weights, norm = self._weight_step(train_batch)
        architecture = self._with_terms(weights, alpha, TRAIN)
        self._apply_architecture(architecture)
        return architecture, weights, norm

    def _architecture_step(self, train_batch, valid_batch):
        """Takes the step of the architecture; returns its `Gradients`."""
        gradients = self.architecture_gradients(train_batch, valid_batch)
        self._apply_architecture(gradients)
        return gradients

    def _apply_architecture(self, gradients):
        clipped, *_ = architecture_gradient.clip_by_norm(
            gradients.alpha, self.arch_gradient_clip
        )
        before = [tf.convert_to_tensor(variable) for variable in self.network.alphas]
        self.replicas.apply(self.architecture_optimizer, clipped, self.network.alphas)
        self._follow_target(before)

    def _move_w(self, objective):
        """Takes the step of w.

        Args:
            objective: `RelaxedObjective` of the training batch.

        Returns:
            Its `Gradients`, in w alone unless alpha's are needed, and their norm in w.
        """
        gradients = self._weight_gradients(objective, *self._values())
        beside = gradients.alpha if self.clip_with_alpha else ()
        clipped, _, norm = architecture_gradient.clip_by_norm(
            self._free(gradients.w), self.gradient_clip, beside
        )
        with self._held():
            self.replicas.apply(self.optimizer, clipped, self.network.weights_w)
        return gradients, norm

    def _free(self, tensors):
        """Tensors in the shapes of w, with zeros for the weights that stand still."""
        return self._freezing.free(tensors) if self._freezing else tensors

    def _held(self):
        """Within, the weights that stand still for good do not move."""
        if self._freezing is None:
            return contextlib.nullcontext()
        return self._freezing.held(self.optimizer, self.replicas)

    def _weight_gradients(self, objective, w, alpha):
        if self.method.levels == 1 or self.clip_with_alpha:
            return objective.gradients(w, alpha)
        if self.method.perturbation is None:
            return objective.w_gradients(w, alpha)
        perturbation = self.method.perturbation
        of_coefficients = objective.of_coefficients

        def gradients(coefficients):
            training = perturbation.batch_statistics
            found = of_coefficients.alpha_gradients(w, coefficients, training=training)
            return found.loss, found.alpha

        perturbed = perturbation.perturbed(
            objective.relax(alpha),
            gradients,
            self._step_seed(PERTURBATION),
            self._progress(),
        )
        decided = self.network.architecture.decided(perturbed)
        return of_coefficients.w_gradients(w, decided)

    def _values(self):
        """Values of w and alpha as tensors; variables would be traced twice."""
        return tuple(
            [tf.convert_to_tensor(variable) for variable in variables]
            for variables in (self.network.weights_w, self.network.alphas)
        )


def _zeros(variables):
    return [tf.zeros(variable.shape, variable.dtype) for variable in variables]
