"""The mixin of models that search convolutional or recurrent cells."""

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from darts_tf.autodiff.custom_gradients import forgettable
from darts_tf.autodiff.tracing_speed import opaque_calls
from darts_tf.cpython_private import with_room_for_frames
from darts_tf.errors import invalid_value
from darts_tf.method import architecture_gradient
from darts_tf.method.methods import ALPHA_FIRST, SearchMethod
from darts_tf.method.network_loss import NOISE
from darts_tf.method.slots import Perturbation, Progress
from darts_tf.optimization.loss_scale import RevocableStep, make_loss_scale

_PRODUCTS = {
    "exact": architecture_gradient.exact_product,
    "finite_difference": architecture_gradient.finite_difference_product,
}
# The roles of a step's random numbers, each of which has a seed of its own.
TRAIN, VALID, _PERTURBATION, _DRAWS, _NOISE = 0, 1, 2, 3, 5


class ArchitectureSearch:
    """Mixin of Keras models each of whose steps moves the architecture and w.

    The network's `SearchMethod` says how, and in which order. A subclass has a
    `network` with an `architecture` and `weights_w`, a `gradient_clip`, a `seed`, and
    `_step`, which calls `_move`; and from `compile` on an `optimizer` of w, `replicas`,
    and `network_loss`, the `NetworkLoss` that the architecture descends.

    Attributes:
        clips_unrolled: Whether `gradient_clip` is also for the step to the unrolled
            weights and for the gradient there. The authors' searches differ in this.
        loss_scale: `LossScale` of a network that computes in float16, or `None`.
    """

    clips_unrolled = False
    _moves_architecture = True

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
        self.order, self.hessian = order, hessian
        self.arch_gradient_clip = arch_gradient_clip
        self.clip_with_alpha = clip_with_alpha

    def _build_optimizers(self, architecture_optimizer):
        """Completes `compile`: both optimizers, and the scale of the loss."""
        self.architecture_optimizer = architecture_optimizer
        self.optimizer.build(self.network.weights_w)
        self.architecture_optimizer.build(self.network.alphas)
        self.loss_scale = make_loss_scale(self.network.compute_dtype)
        self._genotypes = []
        self._epoch = tf.Variable(0, trainable=False, dtype=tf.int64)

    @property
    def method(self) -> SearchMethod:
        """The `SearchMethod` of the network."""
        return self.network.method

    @property
    def state_variables(self) -> list[keras.Variable]:
        """What a checkpoint after an epoch holds: all that steps move."""
        return [
            *self.network.variables,
            *self.optimizer.variables,
            *self.architecture_optimizer.variables,
            *(self.loss_scale.variables if self.loss_scale else ()),
        ]

    def fit(self, *args: Any, callbacks=None, **kwargs: Any):
        """As Keras' own; the method follows the epochs."""
        follow_epochs = _FollowEpochs()
        if isinstance(callbacks, keras.callbacks.CallbackList):
            follow_epochs.set_model(self)
            callbacks.callbacks.append(follow_epochs)
        else:
            callbacks = [follow_epochs, *(callbacks or ())]
        return super().fit(*args, callbacks=callbacks, **kwargs)

    def begin_epoch(self, epoch: int) -> None:
        """Does what the method's schedule has for an epoch, counted from 0."""
        self._epoch.assign(epoch)
        moves = self.method.schedule.moves_architecture(epoch)
        if moves != self._moves_architecture:
            self._moves_architecture = moves
            self.make_train_function(force=True)

    def end_epoch(self) -> None:
        """Ends the search here if the method's stop says so."""
        if self.method.stop is not None:
            self._genotypes.append(self.network.genotype())
            self.stop_training = self.method.stop.ends(self._genotypes)

    @with_room_for_frames
    @forgettable
    def train_step(self, data):
        return opaque_calls(self._step)(data)

    def _begin_step(self):
        return RevocableStep(self.loss_scale, self.replicas, self.state_variables)

    def _progress(self):
        step = tf.convert_to_tensor(self.optimizer.iterations)
        return Progress(step, tf.convert_to_tensor(self._epoch))

    def _step_seed(self, role):
        """An integer tensor of shape `(2,)` for each step and role."""
        return tf.random.experimental.stateless_fold_in(
            tf.constant([self.seed, role], tf.int64), self.optimizer.iterations.value
        )

    def _drawn(self, role):
        """What method and network draw for a batch of this step, if anything."""
        draws_noise = getattr(self.network, "draws_noise", False)
        method = self.method
        if not (method.relaxation.draws or method.edge.draws or draws_noise):
            return None
        seed = self._step_seed(_DRAWS + role)
        drawn = self.network.architecture.draw(seed, self._progress())
        noise = {NOISE: self._step_seed(_NOISE + role)} if draws_noise else {}
        return {**drawn, **noise}

    def _settled_coefficients(self):
        """The coefficients of an evaluation, `None` for those of alpha alone."""
        if not (self.method.relaxation.draws or self.method.edge.draws):
            return None
        settled = self.network.architecture.settled(self._progress())
        return self.network.coefficients(drawn=settled)

    def architecture_gradients(
        self, train_batch: Sequence[Any], valid_batch: Sequence[Any]
    ) -> architecture_gradient.Gradients:
        """Gradient in alpha that the next step would use; changes nothing.

        Args:
            train_batch, valid_batch: Arguments of `NetworkLoss.on_batch`.

        Returns:
            `Gradients`, its `aux` the network's output for the validation batch and
            the values of its non-trainable variables. The loss is that of the network,
            without the method's terms.
        """
        w, alpha = self._values()
        valid = self.network_loss.on_batch(*valid_batch)

        def gradients(alpha):
            if self.order == "first":
                return architecture_gradient.first_order(valid, w, alpha)
            return architecture_gradient.second_order(
                self.network_loss.on_batch(*train_batch),
                valid,
                w,
                alpha,
                xi=tf.cast(self.optimizer.learning_rate, w[0].dtype),
                direction=lambda gradients: self.optimizer.direction(gradients, w),
                product=_PRODUCTS[self.hessian],
                clip_norm=self.gradient_clip if self.clips_unrolled else None,
                slope=getattr(self.optimizer, "slope", 1),
            )

        perturbation = self.method.perturbation or Perturbation()
        found = perturbation.architecture_gradients(gradients, valid, w, alpha)
        return self._with_terms(found, alpha)

    def _with_terms(self, gradients, alpha):
        """Adds the gradient of the method's terms to that of a loss."""
        if not self.method.terms:
            return gradients
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(alpha)
            values = self.network.architecture.by_kind(alpha)
            value = tf.add_n(
                [term.value(values, self._progress()) for term in self.method.terms]
            )
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
        architecture = self._with_terms(weights, alpha)
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
        self.replicas.apply(self.architecture_optimizer, clipped, self.network.alphas)

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
            gradients.w, self.gradient_clip, beside
        )
        self.replicas.apply(self.optimizer, clipped, self.network.weights_w)
        return gradients, norm

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
            self._step_seed(_PERTURBATION),
            self._progress(),
        )
        return of_coefficients.w_gradients(w, perturbed)

    def _values(self):
        """Values of w and alpha as tensors; variables would be traced twice."""
        return tuple(
            [tf.convert_to_tensor(variable) for variable in variables]
            for variables in (self.network.weights_w, self.network.alphas)
        )


class _FollowEpochs(keras.callbacks.Callback):
    """Tells the model of a search where its epochs begin and end."""

    def on_epoch_begin(self, epoch, logs=None):
        self.model.begin_epoch(epoch)

    def on_epoch_end(self, epoch, logs=None):
        self.model.end_epoch()


def _zeros(variables):
    return [tf.zeros(variable.shape, variable.dtype) for variable in variables]
