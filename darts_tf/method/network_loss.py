"""The loss of a network as a function of weights and architecture parameters."""

import contextlib
import functools
from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from darts_tf.autodiff import dual
from darts_tf.autodiff.traced import traced
from darts_tf.autodiff.tracing_speed import opaque_calls
from darts_tf.distribution import global_batch
from darts_tf.distribution.replicas import Replicas
from darts_tf.method.architecture import OPERATIONS
from darts_tf.method.architecture_gradient import (
    ZERO,
    Gradients,
    Objective,
    Tensors,
)
from darts_tf.optimization.loss_scale import LossScale

# The key of what is drawn for a batch under which the seed of the network's own random
# numbers is.
NOISE = "noise"


class NetworkLoss:
    """Derivatives of a network's loss, each traced once and called for every pass.

    A step of the search evaluates the network at up to four different weights. Each
    pass calls one of these traced functions, so that the graph of a step does not
    hold the network five times.

    Args:
        network: Built Keras model with `alphas`, `weights_w` and a function
            `coefficients` of the values of the former, as `Architecture` has it. Its
            `call` takes what that returns, and `constant_weights`, see `SearchNetwork`;
            if it also works on `Dual` weights, it says so by an attribute
            `takes_duals`.
        loss: Function of labels and logits that returns a scalar.
        replicas: `Replicas`, of whose losses this is one share; every result is
            their sum. Default is the one device.
        sync_batch_norm: Whether batch statistics are those of all replicas. Then
            no pass is traced by itself, since collectives may not stand there.
        loss_scale: `LossScale` of a network that computes in float16, or `None`.
    """

    def __init__(
        self,
        network: keras.Model,
        loss: Callable[[Any, Any], tf.Tensor],
        replicas: Replicas | None = None,
        sync_batch_norm: bool = False,
        loss_scale: LossScale | None = None,
    ):
        self.network, self.loss, self.loss_scale = network, loss, loss_scale
        self.replicas = replicas or Replicas()
        self.sync_batch_norm = sync_batch_norm

        def trace(function):
            if sync_batch_norm:
                return function
            return traced(opaque_calls(function))

        self.gradients = trace(self._gradients)
        self.alpha_gradients = trace(self._alpha_gradients)
        self.evaluated_alpha_gradients = trace(self._evaluated_alpha_gradients)
        self.mixed_product = trace(self._mixed_product)
        self.alpha_product = trace(self._alpha_product)

    def _statistics(self):
        if self.sync_batch_norm:
            return global_batch.across(self.replicas.total)
        return contextlib.nullcontext()

    def on_batch(
        self, images: Any, labels: Any, drawn: Any = None
    ) -> "RelaxedObjective":
        """Returns the `RelaxedObjective` of one batch.

        Args:
            images, labels: The batch.
            drawn: What `Architecture.draw` gave for it, or `None`. It may hold, by the
                key `NOISE`, what the random numbers of the network follow from.
        """
        relax = functools.partial(self.network.coefficients, drawn=drawn)
        noise = (drawn or {}).get(NOISE)
        return RelaxedObjective(_BatchObjective(self, images, labels, noise), relax)

    def state(self) -> list[tf.Tensor]:
        """Values of the network's non-trainable variables, those of this replica."""
        return [tf.convert_to_tensor(v) for v in self.network.non_trainable_variables]

    def untraced_on_batch(
        self,
        images: Any,
        labels: Any,
        scale: tf.Tensor | None = None,
        state: list[tf.Tensor] | None = None,
        noise: tf.Tensor | None = None,
        training: bool = True,
        **call_arguments: Any,
    ) -> Objective:
        """Returns the `Objective` in w and the coefficients, by nested tapes.

        Args:
            images, labels: The batch.
            scale: Tensor by which the loss is multiplied, or `None`.
            state: What `state` returns, or `None` to ask it.
            noise: See `SearchNetwork`; `None` where it draws nothing.
            training: Whether the pass is one of a training.
            **call_arguments: Of the network.
        """
        state = self.state() if state is None else state
        if noise is not None:
            call_arguments["noise"] = noise

        def loss(w, coefficients):
            network = self.network
            values = [
                *zip(network.weights_w, w, strict=True),
                *zip(network.non_trainable_variables, state, strict=True),
            ]
            with self._statistics(), keras.StatelessScope(values) as scope:
                logits = network.call(
                    images,
                    training=training,
                    coefficients=coefficients,
                    **call_arguments,
                )
            statistics = [
                scope.get_current_value(v) for v in network.non_trainable_variables
            ]
            loss = dual.forward(functools.partial(self.loss, labels), logits)
            if scale is not None:
                loss = loss * tf.cast(scale, loss.dtype)
            return loss, (logits, statistics)

        return Objective(loss)

    def _gradients(self, batch, w, coefficients):
        return self.untraced_on_batch(*batch).gradients(w, coefficients)

    def _alpha_gradients(self, batch, w, coefficients):
        objective = self.untraced_on_batch(*batch, constant_weights=True)
        return objective.alpha_gradients(w, coefficients)

    def _evaluated_alpha_gradients(self, batch, w, coefficients):
        objective = self.untraced_on_batch(
            *batch, training=False, constant_weights=True
        )
        return objective.alpha_gradients(w, coefficients)

    def _mixed_product(self, batch, w, coefficients, v):
        if not self._takes_duals():
            return self.untraced_on_batch(*batch).mixed_product(w, coefficients, v)
        # The bracket is the derivative of the loss along v, which a forward pass of
        # dual numbers computes; one tape is left of the nested two.
        objective = self.untraced_on_batch(*batch, constant_weights=True)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(coefficients)
            with dual.along(self.network.weights_w, v):
                loss, _ = objective.loss(w, coefficients)
        return tape.gradient(loss.tangent, coefficients, **ZERO)

    def _alpha_product(self, batch, w, coefficients, v):
        objective = self.untraced_on_batch(*batch, constant_weights=True)
        if not (self._takes_duals() and self._edges_take_duals(coefficients)):
            return objective.alpha_product(w, coefficients, v)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([coefficients, v])
            duals = tf.nest.map_structure(dual.Dual, coefficients, v)
            loss, _ = objective.loss(w, duals)
        # The derivative along v is linear in v: its gradient in v is that of the loss.
        return tuple(tape.gradient(loss.tangent, [coefficients, v], **ZERO))

    def _takes_duals(self):
        return getattr(self.network, "takes_duals", False)

    def _edges_take_duals(self, coefficients):
        """Whether that can be said of all that the edges get as coefficients."""
        names = {name for of_kind in coefficients.values() for name in of_kind}
        return names == {OPERATIONS} or self.network.method.edge.takes_duals


class RelaxedObjective(Objective):
    """An objective in w and alpha, from one in w and the coefficients.

    The chain rule leads from the gradient in the coefficients to that in alpha. Neither
    needs to be traced with the network: the coefficients are few.

    Args:
        of_coefficients: `Objective` of w and coefficients.
        relax: Function of alpha that returns the coefficients.

    Attributes:
        of_coefficients, relax: As given.
    """

    def __init__(self, of_coefficients: Objective, relax: Callable[[Any], Any]):
        self.of_coefficients, self.relax = of_coefficients, relax

    def gradients(self, w: Tensors, alpha: Tensors) -> Gradients:
        coefficients, in_alpha = self._relaxed(alpha)
        found = self.of_coefficients.gradients(w, coefficients)
        return found._replace(alpha=in_alpha(found.alpha))

    def w_gradients(self, w: Tensors, alpha: Tensors) -> Gradients:
        return self.of_coefficients.w_gradients(w, self.relax(alpha))

    def alpha_gradients(self, w: Tensors, alpha: Tensors) -> Gradients:
        coefficients, in_alpha = self._relaxed(alpha)
        found = self.of_coefficients.alpha_gradients(w, coefficients)
        return found._replace(alpha=in_alpha(found.alpha))

    def mixed_product(self, w: Tensors, alpha: Tensors, v: Tensors) -> Tensors:
        coefficients, in_alpha = self._relaxed(alpha)
        return in_alpha(self.of_coefficients.mixed_product(w, coefficients, v))

    def alpha_product(
        self, w: Tensors, alpha: Tensors, v: Tensors
    ) -> tuple[Tensors, Tensors]:
        """Computes the Hessian in alpha times v, see `Objective`.

        With the coefficients c(alpha), their gradient g and Hessian H_c, and the
        Jacobian J of c, the derivative along v is g . u with u = J v. Its gradient in c
        is H_c u and that in u is g, which lead to alpha by J and by du/dalpha.
        """
        with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
            tape.watch(alpha)
            coefficients, u = dual.with_tangents(self.relax, alpha, v)
        along, gradient = self.of_coefficients.alpha_product(w, coefficients, u)
        return (
            tape.gradient([coefficients, u], alpha, [along, gradient], **ZERO),
            tape.gradient(coefficients, alpha, gradient, **ZERO),
        )

    def _relaxed(self, alpha):
        """The coefficients, and the function of a gradient in them to that in alpha."""
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(alpha)
            coefficients = self.relax(alpha)

        def in_alpha(gradient):
            if not alpha:
                return []
            return tape.gradient(coefficients, alpha, gradient, **ZERO)

        return coefficients, in_alpha


class _BatchObjective(Objective):
    """Objective that calls the traced functions, and takes the scale out again.

    It is one in w and the coefficients. Its `aux` is the logits and the new values of
    the non-trainable variables, both those of the one replica.
    """

    def __init__(self, network_loss, images, labels, noise=None):
        loss_scale = network_loss.loss_scale
        self.scale = loss_scale and tf.convert_to_tensor(loss_scale.scale)
        self.network_loss = network_loss
        self.batch = (images, labels, self.scale, network_loss.state(), noise)

    def gradients(self, w, coefficients):
        own = self.network_loss.gradients(self.batch, w, coefficients)
        loss, w, alpha = self._total((own.loss, own.w, own.alpha))
        return own._replace(loss=loss, w=w, alpha=alpha)

    def w_gradients(self, w, coefficients):
        own = self.network_loss.gradients(self.batch, w, coefficients)
        loss, w = self._total((own.loss, own.w))
        return own._replace(loss=loss, w=w, alpha=None)

    def alpha_gradients(self, w, coefficients, training=True):
        function = (
            self.network_loss.alpha_gradients
            if training
            else self.network_loss.evaluated_alpha_gradients
        )
        own = function(self.batch, w, coefficients)
        loss, alpha = self._total((own.loss, own.alpha))
        return own._replace(loss=loss, alpha=alpha)

    def mixed_product(self, w, coefficients, v):
        u, restored = self._of_length_1(v)
        product = self.network_loss.mixed_product(self.batch, w, coefficients, u)
        return restored(self._total(product))

    def alpha_product(self, w, coefficients, v):
        u, restored = self._of_length_1(v)
        both = self.network_loss.alpha_product(self.batch, w, coefficients, u)
        product, gradient = self._total(both)
        return restored(product), gradient

    def _of_length_1(self, v):
        """A direction over its norm if the loss is scaled, and the inverse of that."""
        if self.scale is None:
            return v, lambda product: product
        norm = tf.linalg.global_norm(tf.nest.flatten(v))
        u = tf.nest.map_structure(lambda x: tf.math.divide_no_nan(x, norm), v)
        return u, lambda product: tf.nest.map_structure(lambda x: norm * x, product)

    def _total(self, structure):
        """Sums scaled numbers over the replicas, and divides by the scale."""
        total = self.network_loss.replicas.total(structure)
        if self.scale is None:
            return total
        return tf.nest.map_structure(lambda x: x / tf.cast(self.scale, x.dtype), total)
