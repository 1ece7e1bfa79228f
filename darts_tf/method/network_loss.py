"""The loss of a network as a function of weights and architecture parameters."""

import contextlib
import functools

import tensorflow as tf

from darts_tf.autodiff import dual
from darts_tf.autodiff.traced import traced
from darts_tf.autodiff.tracing_speed import opaque_calls
from darts_tf.distribution import global_batch
from darts_tf.distribution.replicas import Replicas
from darts_tf.method.architecture_gradient import Objective


class NetworkLoss:
    """Derivatives of a network's loss, each traced once and called for every pass.

    A step of the search evaluates the network at up to four different weights. Each
    pass calls one of three traced functions, so that the graph of a step does not
    hold the network five times.

    Args:
        network: Built Keras model with `alphas` and `weights_w`. Its `call` may take
            `constant_weights`, see `SearchNetwork`; if it also works on `Dual`
            weights, it says so by an attribute `takes_duals`.
        loss: Function of labels and logits that returns a scalar.
        replicas: `Replicas`, of whose losses this is one share; every result is
            their sum. Default is the one device.
        sync_batch_norm: Whether batch statistics are those of all replicas. Then
            no pass is traced by itself, since collectives may not stand there.
        loss_scale: `LossScale` of a network that computes in float16, or `None`.
    """

    def __init__(
        self,
        network,
        loss,
        replicas=None,
        sync_batch_norm=False,
        loss_scale=None,
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
        self.mixed_product = trace(self._mixed_product)

    def _statistics(self):
        if self.sync_batch_norm:
            return global_batch.across(self.replicas.total)
        return contextlib.nullcontext()

    def on_batch(self, images, labels):
        """Returns the `Objective` of one batch."""
        return _BatchObjective(self, images, labels)

    def state(self):
        """Values of the network's non-trainable variables, those of this replica."""
        return [tf.convert_to_tensor(v) for v in self.network.non_trainable_variables]

    def untraced_on_batch(
        self, images, labels, scale=None, state=None, **call_arguments
    ):
        """Returns the same `Objective` in its general form, by nested tapes.

        Args:
            images, labels: The batch.
            scale: Tensor by which the loss is multiplied, or `None`.
            state: What `state` returns, or `None` to ask it.
            **call_arguments: Of the network.
        """
        state = self.state() if state is None else state

        def loss(w, alpha):
            network = self.network
            values = {id(v): value for v, value in zip(network.weights_w, w)}
            values |= {id(v): value for v, value in zip(network.alphas, alpha)}
            with self._statistics():
                logits, statistics = network.stateless_call(
                    [values[id(v)] for v in network.trainable_variables],
                    state,
                    images,
                    training=True,
                    **call_arguments,
                )
            loss = dual.forward(functools.partial(self.loss, labels), logits)
            if scale is not None:
                loss = loss * tf.cast(scale, loss.dtype)
            return loss, (logits, statistics)

        return Objective(loss)

    def _gradients(self, batch, w, alpha):
        return self.untraced_on_batch(*batch).gradients(w, alpha)

    def _alpha_gradients(self, batch, w, alpha):
        objective = self.untraced_on_batch(*batch, constant_weights=True)
        return objective.alpha_gradients(w, alpha)

    def _mixed_product(self, batch, w, alpha, v):
        if not getattr(self.network, "takes_duals", False):
            return self.untraced_on_batch(*batch).mixed_product(w, alpha, v)
        # The bracket is the derivative of the loss along v, which a forward pass of
        # dual numbers computes; one tape is left of the nested two.
        objective = self.untraced_on_batch(*batch, constant_weights=True)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(alpha)
            with dual.along(self.network.weights_w, v):
                loss, _ = objective.loss(w, alpha)
        return tape.gradient(
            loss.tangent, alpha, unconnected_gradients=tf.UnconnectedGradients.ZERO
        )


class _BatchObjective(Objective):
    """Objective that calls the traced functions, and takes the scale out again.

    Its `aux` is the logits and the new values of the non-trainable variables, both
    those of the one replica.
    """

    def __init__(self, network_loss, images, labels):
        loss_scale = network_loss.loss_scale
        self.scale = loss_scale and tf.convert_to_tensor(loss_scale.scale)
        self.network_loss = network_loss
        self.batch = (images, labels, self.scale, network_loss.state())

    def gradients(self, w, alpha):
        own = self.network_loss.gradients(self.batch, w, alpha)
        loss, w, alpha = self._total((own.loss, own.w, own.alpha))
        return own._replace(loss=loss, w=w, alpha=alpha)

    def alpha_gradients(self, w, alpha):
        own = self.network_loss.alpha_gradients(self.batch, w, alpha)
        loss, alpha = self._total((own.loss, own.alpha))
        return own._replace(loss=loss, alpha=alpha)

    def mixed_product(self, w, alpha, v):
        product = self.network_loss.mixed_product
        if self.scale is None:
            return self._total(product(self.batch, w, alpha, v))
        norm = tf.linalg.global_norm(v)
        u = [tf.math.divide_no_nan(x, norm) for x in v]
        return [norm * x for x in self._total(product(self.batch, w, alpha, u))]

    def _total(self, structure):
        """Sums scaled numbers over the replicas, and divides by the scale."""
        total = self.network_loss.replicas.total(structure)
        if self.scale is None:
            return total
        return tf.nest.map_structure(lambda x: x / tf.cast(self.scale, x.dtype), total)
