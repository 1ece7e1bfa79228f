"""The mixin of models that search convolutional or recurrent cells."""

import tensorflow as tf

from darts_tf.autodiff.custom_gradients import forgettable
from darts_tf.autodiff.tracing_speed import opaque_calls
from darts_tf.cpython_private import with_room_for_frames
from darts_tf.errors import invalid_value
from darts_tf.method import architecture_gradient
from darts_tf.optimization.loss_scale import RevocableStep, make_loss_scale

_PRODUCTS = {
    "exact": architecture_gradient.exact_product,
    "finite_difference": architecture_gradient.finite_difference_product,
}


class ArchitectureSearch:
    """Mixin of Keras models each of whose steps moves alpha, then w.

    A subclass has a `network` with `alphas` and `weights_w`, a `gradient_clip`, and
    `_step`; and from `compile` on an `optimizer` of w, `replicas`, and `network_loss`,
    the `NetworkLoss` that alpha descends.

    Attributes:
        clips_unrolled: Whether `gradient_clip` is also for the step to the unrolled
            weights and for the gradient there. The authors' searches differ in this.
        loss_scale: `LossScale` of a network that computes in float16, or `None`.
    """

    clips_unrolled = False

    def _set_method(self, order, hessian):
        for name, value, choices in (
            ("order", order, ("first", "second")),
            ("hessian", hessian, tuple(_PRODUCTS)),
        ):
            if value not in choices:
                raise invalid_value(name, f"one of {choices}", value)
        self.order, self.hessian = order, hessian

    def _build_optimizers(self, architecture_optimizer):
        """Completes `compile`: both optimizers, and the scale of the loss."""
        self.architecture_optimizer = architecture_optimizer
        self.optimizer.build(self.network.weights_w)
        self.architecture_optimizer.build(self.network.alphas)
        self.loss_scale = make_loss_scale(self.network.compute_dtype)

    @property
    def state_variables(self):
        """What a checkpoint after an epoch holds: all that steps move."""
        return [
            *self.network.variables,
            *self.optimizer.variables,
            *self.architecture_optimizer.variables,
            *(self.loss_scale.variables if self.loss_scale else ()),
        ]

    @with_room_for_frames
    @forgettable
    def train_step(self, data):
        return opaque_calls(self._step)(data)

    def _begin_step(self):
        return RevocableStep(self.loss_scale, self.replicas, self.state_variables)

    def architecture_gradients(self, train_batch, valid_batch):
        """Gradient in alpha that the next step would use; changes nothing.

        Args:
            train_batch, valid_batch: Arguments of `NetworkLoss.on_batch`.

        Returns:
            `Gradients`, its `aux` the network's output for the validation batch and
            the values of its non-trainable variables.
        """
        w, alpha = self._values()
        valid = self.network_loss.on_batch(*valid_batch)
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
        )

    def _architecture_step(self, train_batch, valid_batch):
        """Takes the step of alpha; returns its `Gradients`."""
        gradients = self.architecture_gradients(train_batch, valid_batch)
        self.replicas.apply(
            self.architecture_optimizer, gradients.alpha, self.network.alphas
        )
        return gradients

    def _move_w(self, objective):
        """Takes the step of w; returns its `Gradients`, and their norm in w."""
        gradients = objective.gradients(*self._values())
        clipped, _, norm = architecture_gradient.clip_by_norm(
            gradients.w, self.gradient_clip
        )
        self.replicas.apply(self.optimizer, clipped, self.network.weights_w)
        return gradients, norm

    def _values(self):
        """Values of w and alpha as tensors; variables would be traced twice."""
        return tuple(
            [tf.convert_to_tensor(variable) for variable in variables]
            for variables in (self.network.weights_w, self.network.alphas)
        )
