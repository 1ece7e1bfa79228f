"""The mixin of models that search convolutional or recurrent cells."""

import contextlib
import functools
import math
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import tensorflow as tf

from darts_tf.autodiff.custom_gradients import forgettable
from darts_tf.autodiff.tracing_speed import opaque_calls
from darts_tf.cpython_private import with_room_for_frames
from darts_tf.errors import invalid_value
from darts_tf.method import architecture_gradient
from darts_tf.method.architecture_cost import ArchitectureCost
from darts_tf.method.costed_search import CostedSearch
from darts_tf.method.deciding_search import DecidingSearch
from darts_tf.method.eigenvalue import (
    MOST_PRODUCTS,
    TOLERANCE,
    Eigenvalue,
    lanczos,
)
from darts_tf.method.history import SearchedEpoch, SearchRecord
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


class ArchitectureSearch(DecidingSearch, CostedSearch):
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
        record: `SearchRecord` of the epochs, where the method has a stop; one that
            continues needs those before.
    """

    clips_unrolled = False
    _freezing: Any = None
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

    def _build_optimizers(
        self, architecture_optimizer, cost: ArchitectureCost | None = None
    ):
        """Completes `compile`: both optimizers, the scale of the loss, and the cost."""
        self._set_cost(cost)
        self.architecture_optimizer = architecture_optimizer
        self.optimizer.build(self.network.weights_w)
        self.architecture_optimizer.build(self.network.alphas)
        self.loss_scale = make_loss_scale(self.network.compute_dtype)
        self.record = SearchRecord()
        self._epoch = tf.Variable(0, trainable=False, dtype=tf.int64)

    @property
    def method(self) -> SearchMethod:
        """The `SearchMethod` of the network."""
        return self.network.method

    @property
    def passes(self) -> int:
        """Number of passes over a batch that a step takes; a product counts as one."""
        if self.method.levels == 1:
            return self._passes_of_w
        of_alpha = {"exact": 3, "finite_difference": 4}[self.hessian]
        return self._passes_of_w + (1 if self.order == "first" else of_alpha)

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
        if self.method.levels == 1 or self.method.perturbation is None:
            return 1
        return 2

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

    def fit(self, *args: Any, callbacks=None, **kwargs: Any):
        """As Keras' own; the method follows the epochs."""
        follow_epochs = _FollowEpochs()
        if isinstance(callbacks, keras.callbacks.CallbackList):
            follow_epochs.set_model(self)
            callbacks.callbacks.append(follow_epochs)
        else:
            callbacks = [*(callbacks or ()), follow_epochs]
        return super().fit(*args, callbacks=callbacks, **kwargs)

    def begin_epoch(self, epoch: int) -> None:
        """Does what the method's schedule has for an epoch, counted from 0."""
        decisions = self.method.decisions
        self._epoch.assign(decisions.scheduled_epoch(epoch) if decisions else epoch)
        if decisions:
            self._decide(epoch)
        moves = self.method.schedule.moves_architecture(epoch)
        if moves != self._moves_architecture:
            self._moves_architecture = moves
            self.make_train_function(force=True)

    def end_epoch(self, epoch: int, metrics: Mapping[str, float]) -> None:
        """Records an epoch, and ends the search here if the method's stop says so.

        Args:
            epoch: The epoch, counted from 0.
            metrics: Its metrics by name.
        """
        if self.method.stop is None:
            return
        arrays = self.network.architecture.arrays()
        alphas = {kind: of_kind["alpha"] for kind, of_kind in arrays.items()}
        genotype = self.genotype()
        metrics = {**metrics, **self.method_metrics()}
        searched = SearchedEpoch(epoch + 1, genotype, alphas, metrics)
        self.record.add(searched)
        if self.kept_epoch is not None:
            self.stop_training = True

    @property
    def kept_epoch(self) -> int | None:
        """The epoch whose genotype counts, if the method's stop ended the search."""
        if self.method.stop is None or not self.record.epochs:
            return None
        return self.method.stop.kept_epoch(self.record.epochs)

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

        perturbation = self.method.perturbation or Perturbation()
        found = perturbation.architecture_gradients(gradients, valid, w, alpha)
        return self._with_terms(found, alpha, VALID)

    def eigenvalue(
        self,
        valid_batch: Any,
        seed: int = 0,
        tolerance: float = TOLERANCE,
        most_products: int = MOST_PRODUCTS,
    ) -> Eigenvalue:
        """Largest eigenvalue of the Hessian of the validation loss in the architecture.

        The Hessian is that at the weights as they are, with the decay of the
        architecture on its diagonal and without the method's terms; a relaxation that
        draws is taken as in an evaluation. Nothing is changed. The graph of a
        product is traced by the first call.

        Args:
            valid_batch: Half of what a step of `fit` takes, the whole batch on each
                replica.
            seed, tolerance, most_products: See `lanczos`.

        Returns:
            The `Eigenvalue`.
        """
        decay = getattr(self.architecture_optimizer, "coupled_weight_decay", 0.0)
        dtype = self.network.alphas[0].dtype

        def product(vector):
            image = self._traced_product(valid_batch, tf.constant(vector, dtype))
            return image.numpy() + decay * vector

        size = sum(math.prod(alpha.shape) for alpha in self.network.alphas)
        return lanczos(product, size, seed, tolerance, most_products)

    @functools.cached_property
    def _traced_product(self):
        on_replica = with_room_for_frames(forgettable(opaque_calls(self._product)))

        @functools.partial(tf.function, autograph=False)
        def product(valid_batch, vector):
            return self.replicas.run(on_replica, (valid_batch, vector))

        return product

    def _product(self, batch_and_vector):
        """The Hessian of the validation loss in the architecture times a vector."""
        valid_batch, vector = batch_and_vector
        w, alpha = self._values()
        sizes = [math.prod(x.shape) for x in alpha]
        v = [
            tf.reshape(part, x.shape) for part, x in zip(tf.split(vector, sizes), alpha)
        ]
        objective = self.network_loss.on_batch(*self._validation_batch(valid_batch))
        along, _ = objective.alpha_product(w, alpha, v)
        return tf.concat([tf.reshape(x, [-1]) for x in along], axis=0)

    def _validation_batch(self, batch):
        """Arguments of `NetworkLoss.on_batch`, of this replica's part of a batch."""
        raise NotImplementedError

    def _drawn_by_edges(self):
        """What is drawn for a validation batch, but for the relaxation."""
        drawn = self._drawn(VALID)
        if drawn is None:
            return None
        settled = self.network.architecture.settled(self._progress())
        of_kinds = {kind: (own, drawn[kind][1]) for kind, (own, _) in settled.items()}
        return {**drawn, **of_kinds}

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
            self._step_seed(_PERTURBATION),
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


class _FollowEpochs(keras.callbacks.Callback):
    """Tells the model of a search where its epochs begin and end."""

    def on_epoch_begin(self, epoch, logs=None):
        self.model.begin_epoch(epoch)

    def on_epoch_end(self, epoch, logs=None):
        self.model.end_epoch(epoch, logs or {})


def _zeros(variables):
    return [tf.zeros(variable.shape, variable.dtype) for variable in variables]
