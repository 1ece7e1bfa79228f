"""Gradient of the validation loss in the architecture (paper, section 2.3).

The search is the bilevel problem (equations 3 and 4)

    min_alpha  L_val(w*(alpha), alpha)
    such that  w*(alpha) = argmin_w L_train(w, alpha).

The inner optimum is replaced by one step of the optimizer of w, with learning rate
xi and a direction that contains grad_w L_train(w, alpha):

    w_prime(alpha) = w - xi direction(grad_w L_train(w, alpha)).

By the chain rule (equation 7), with the direction's derivative in the gradient
taken as 1, which holds for gradient descent with momentum and weight decay,

    grad_alpha L_val(w_prime(alpha), alpha)
        = grad_alpha L_val(w_prime, alpha)
          - xi  d/dalpha [ grad_w L_train(w, alpha) . v ],

    v = grad_w_prime L_val(w_prime, alpha) held constant.

With xi = 0 the first term alone remains, at w: the first order. The bracket is a
scalar, the derivative of L_train along v, so the second term is the gradient in alpha
of that derivative. It is computed exactly, in general by nested tapes, and by
`darts_tf.autodiff.dual` for networks that can carry the derivative along v forward with
their values; or by the paper's central difference (equation 8)

    ( grad_alpha L_train(w_plus, alpha) - grad_alpha L_train(w_minus, alpha) )
        / (2 epsilon),      w_plus, w_minus = w + epsilon v, w - epsilon v.

Where the gradient in w is clipped to a norm c, the step takes k grad_w L_train with

    k = min(1, c / ||grad_w L_train||)

in place of the gradient. k is held constant, so that the second term has the factor
xi k; v is clipped to c in the same way. The authors' code does not cap the factor at 1
there: a gradient shorter than c then enlarges the term although nothing was clipped.

Nothing here knows images or layers: `w`, `alpha`, `v` are lists of tensors, and a
loss is a function of `w` and `alpha`. No variable is ever assigned, so every pass at
other weights leaves no trace.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import tensorflow as tf

from darts_tf.autodiff import nested_tapes
from darts_tf.autodiff.traced import compiled_for_gpu

Tensors = Sequence[tf.Tensor]

# Gradients in what a loss does not depend on are zeros rather than `None`.
ZERO = {"unconnected_gradients": tf.UnconnectedGradients.ZERO}


class Gradients(NamedTuple):
    """What one backward pass gives.

    Attributes:
        loss: Scalar tensor.
        aux: Whatever the loss function returned beside the loss.
        w: List of gradients in w, or `None` if they were not asked for.
        alpha: List of gradients in alpha, or `None` if they were not asked for.
    """

    loss: tf.Tensor
    aux: Any
    w: list[tf.Tensor] | None
    alpha: list[tf.Tensor] | None


class Objective:
    """A loss L(w, alpha) on one batch, with the derivatives that a search needs.

    Subclasses may compute the same numbers in a faster way.

    Args:
        loss: Function of lists of tensors `w` and `alpha` that returns a scalar and
            anything else (`None`, logits, new statistics).
    """

    def __init__(self, loss: Callable[[Any, Any], tuple[tf.Tensor, Any]]):
        self.loss = loss

    def gradients(self, w: Tensors, alpha: Any) -> Gradients:
        """Computes the loss and its `Gradients` in w and alpha."""
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([w, alpha])
            loss, aux = self.loss(w, alpha)
        grad_w, grad_alpha = tape.gradient(loss, [w, alpha], **ZERO)
        return Gradients(loss, aux, grad_w, grad_alpha)

    def w_gradients(self, w: Tensors, alpha: Any) -> Gradients:
        """Computes the loss and its `Gradients` in w alone."""
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(w)
            loss, aux = self.loss(w, alpha)
        return Gradients(loss, aux, tape.gradient(loss, w, **ZERO), None)

    def alpha_gradients(self, w: Tensors, alpha: Any) -> Gradients:
        """Computes the loss and its `Gradients` in alpha alone."""
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(alpha)
            loss, aux = self.loss(w, alpha)
        return Gradients(loss, aux, None, tape.gradient(loss, alpha, **ZERO))

    def mixed_product(self, w: Tensors, alpha: Any, v: Tensors) -> Any:
        """Computes d/dalpha [ grad_w L(w, alpha) . v ] exactly, by nested tapes.

        Args:
            w, alpha: Lists of tensors.
            v: List of tensors in the shapes of w, held constant.

        Returns:
            List of tensors in the shapes of alpha.
        """
        with tf.GradientTape(watch_accessed_variables=False) as outer:
            outer.watch(alpha)
            with tf.GradientTape(watch_accessed_variables=False) as inner:
                inner.watch(w)
                with nested_tapes.opened():
                    loss, _ = self.loss(w, alpha)
            grad_w = inner.gradient(loss, w, **ZERO)
            along_v = inner_product(grad_w, [tf.stop_gradient(x) for x in v])
        return outer.gradient(along_v, alpha, **ZERO)

    def alpha_product(self, w: Tensors, alpha: Any, v: Any) -> tuple[Any, Any]:
        """Computes d/dalpha [ grad_alpha L(w, alpha) . v ], by nested tapes.

        It is the Hessian of L in alpha times v.

        Args:
            w: List of tensors.
            alpha: Nested structure of tensors.
            v: The same structure, held constant.

        Returns:
            Tuple of the product and of grad_alpha L, in the structure of alpha.
        """
        with tf.GradientTape(watch_accessed_variables=False) as outer:
            outer.watch(alpha)
            with tf.GradientTape(watch_accessed_variables=False) as inner:
                inner.watch(alpha)
                with nested_tapes.opened():
                    loss, _ = self.loss(w, alpha)
            gradient = inner.gradient(loss, alpha, **ZERO)
            along_v = inner_product(
                tf.nest.flatten(gradient),
                [tf.stop_gradient(x) for x in tf.nest.flatten(v)],
            )
        return outer.gradient(along_v, alpha, **ZERO), gradient


def exact_product(train: Objective, w: Tensors, alpha: Tensors, v: Tensors) -> Tensors:
    """The second-order term without its factor -xi, exactly."""
    return train.mixed_product(w, alpha, v)


def finite_difference_product(
    train: Objective, w: Tensors, alpha: Tensors, v: Tensors, radius: float = 0.01
) -> Tensors:
    """The second-order term without its factor -xi, by a central difference.

    Args:
        train: `Objective` of the training batch.
        w, alpha, v: Lists of tensors.
        radius: Distance of `w_plus` and `w_minus` from w; the paper's footnote 2
            has epsilon = 0.01 / ||v||.

    Returns:
        List of tensors in the shapes of alpha.
    """
    epsilon = radius / tf.linalg.global_norm(v)
    w_plus = [x + epsilon * d for x, d in zip(w, v)]
    w_minus = [x - epsilon * d for x, d in zip(w, v)]
    plus = train.alpha_gradients(w_plus, alpha).alpha
    # The passes are made one after the other, because both at once need the memory of
    # two.
    with tf.control_dependencies(plus):
        minus = train.alpha_gradients(w_minus, alpha).alpha
    return [(p - m) / (2 * epsilon) for p, m in zip(plus, minus)]


def first_order(valid: Objective, w: Tensors, alpha: Tensors) -> Gradients:
    """Gradient of the validation loss at the weights as they are (xi = 0).

    Args:
        valid: `Objective` of the validation batch.
        w, alpha: Lists of tensors.

    Returns:
        `Gradients` with those in alpha.
    """
    return valid.alpha_gradients(w, alpha)


def second_order(
    train: Objective,
    valid: Objective,
    w: Tensors,
    alpha: Tensors,
    xi: tf.Tensor | float,
    direction: Callable[[Tensors], Tensors],
    product: Callable[..., Tensors] = exact_product,
    clip_norm: float | None = None,
    slope: float = 1,
) -> Gradients:
    """Gradient of the validation loss at the weights after one step (equation 7).

    Args:
        train, valid: `Objective` of a batch of each half of the data.
        w, alpha: Lists of tensors.
        xi: Scalar, the learning rate of w.
        direction: Function of the (clipped) gradients in w that gives the direction
            of the optimizer's next step, a list of tensors in the shapes of w.
        product: `exact_product` or `finite_difference_product`.
        clip_norm: Largest norm of the gradients in w and of v, or `None`.
        slope: Derivative of the direction in the gradient; with Nesterov's momentum it
            is not 1.

    Returns:
        `Gradients` whose loss is L_val(w_prime, alpha).
    """
    w_prime, k = unrolled_weights(train, w, alpha, xi, direction, clip_norm)
    unrolled = valid.gradients(w_prime, alpha)
    v, *_ = clip_by_norm(unrolled.w, clip_norm)
    second_term = product(train, w, alpha, v)
    factor = xi * k if slope == 1 else xi * k * slope
    grad_alpha = [g - factor * h for g, h in zip(unrolled.alpha, second_term)]
    return unrolled._replace(alpha=grad_alpha)


def unrolled_weights(
    train: Objective,
    w: Tensors,
    alpha: Tensors,
    xi: tf.Tensor | float,
    direction: Callable[[Tensors], Tensors],
    clip_norm: float | None = None,
) -> tuple[Tensors, tf.Tensor | int]:
    """One step of the optimizer of w ahead; arguments as `second_order`.

    Returns:
        Tuple of w_prime and of the factor k by which the gradient was clipped.
    """
    grad_w, k, _ = clip_by_norm(train.w_gradients(w, alpha).w, clip_norm)
    return [x - xi * d for x, d in zip(w, direction(grad_w))], k


def clip_by_norm(
    gradients: Tensors, clip_norm: float | None, beside: Tensors = ()
) -> tuple[Tensors, tf.Tensor | int, tf.Tensor]:
    """Scales gradients down so that their joint norm is at most `clip_norm`.

    The authors' rule, with 1e-6 added to the norm in the quotient.

    Args:
        gradients: List of tensors.
        clip_norm: Float, or `None` for no clipping.
        beside: Further gradients that the joint norm is of, and which stay.

    Returns:
        Tuple of the list of clipped gradients, the factor k that they were scaled
        by, and their norm before.
    """
    if clip_norm is None:
        return gradients, 1, tf.linalg.global_norm([*gradients, *beside])
    return _clipped([*gradients], clip_norm, [*beside])


@compiled_for_gpu
def _clipped(gradients, clip_norm, beside):
    norm = tf.linalg.global_norm([*gradients, *beside])
    k = tf.minimum(clip_norm / (norm + 1e-6), 1)
    return [k * g for g in gradients], k, norm


def inner_product(first: Tensors, second: Tensors) -> tf.Tensor:
    """Sum over two lists of tensors of the products of their elements."""
    return tf.add_n([tf.reduce_sum(a * b) for a, b in zip(first, second)])
