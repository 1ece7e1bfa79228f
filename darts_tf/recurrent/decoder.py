"""The decoder of a language model: logits of words, and their losses."""

import tensorflow as tf

from darts_tf.autodiff import dual
from darts_tf.autodiff.custom_gradients import flatten, pack, with_gradient
from darts_tf.autodiff.dual import Dual
from darts_tf.autodiff.dual_operations import (
    cast,
    concat,
    in_full_precision,
    reshape,
)
from darts_tf.autodiff.recomputed import Recomputed
from darts_tf.recurrent.cell import product
from darts_tf.tensorflow_private import is_deterministic

# At 10,000 words and a batch of 256 the logits of so many words take 51 MB, those of a
# sequence of 35 would take 358 MB, each of the several times that a pass needs them.
WORDS_AT_ONCE = 5


def decode(
    outputs: tf.Tensor | Dual, embedding: tf.Tensor | Dual, bias: tf.Tensor | Dual
) -> tf.Tensor | Dual:
    """Computes the logits of the next word, of tensors or of `Dual`.

    They are no less than float32, whatever the outputs are.

    Args:
        outputs: Tensor of shape `(batch, time, units)`.
        embedding: Tensor of shape `(vocabulary, units)`.
        bias: Tensor of shape `(vocabulary,)`.

    Returns:
        Tensor of shape `(batch, time, vocabulary)`.
    """
    logits = _logits_of_rows(_in_rows(outputs), embedding, bias)
    shape = tf.shape(dual.value(outputs))
    return reshape(logits, tf.concat([shape[:-1], embedding.shape[:1]], axis=0))


def _logits_of_rows(outputs, embedding, bias):
    # It is no `tf.einsum`, because the gradient of that lays the logits out anew.
    return in_full_precision(product(outputs, embedding, transpose_b=True)) + bias


def word_losses(logits: tf.Tensor | Dual, targets: tf.Tensor) -> tf.Tensor:
    """Negative log-likelihood of each word, in nats.

    Args:
        logits: Tensor of shape `(batch, time, vocabulary)`.
        targets: Integer tensor of shape `(batch, time)`.

    Returns:
        Tensor of shape `(batch, time)`.
    """
    return tf.nn.sparse_softmax_cross_entropy_with_logits(targets, logits)


def losses_and_errors(
    logits: tf.Tensor | Dual, targets: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    """Computes losses of words and their gradient in the logits.

    With p = softmax(logits), e = 1 for the target and 0 for other words, and l' the
    tangent of the logits,

        errors = p - e,  losses' = errors . l',  errors' = p (l' - p . l').

    Args:
        logits: Tensor of shape `(words, vocabulary)`, or `Dual`.
        targets: Integer tensor of shape `(words,)`.

    Returns:
        Tuple of tensors of shapes `(words,)` and `(words, vocabulary)`, or of `Dual`.
    """
    losses, errors = _losses_and_errors_of_values(dual.value(logits), targets)
    if not isinstance(logits, dual.Dual):
        return losses, errors
    p, tangent = tf.nn.softmax(logits.value), logits.tangent
    mean = tf.reduce_sum(p * tangent, axis=1, keepdims=True)
    return (
        dual.Dual(losses, tf.reduce_sum(errors * tangent, axis=1)),
        dual.Dual(errors, p * (tangent - mean)),
    )


def _losses_and_errors_of_values(logits, targets):
    if not is_deterministic():
        return tf.raw_ops.SparseSoftmaxCrossEntropyWithLogits(
            features=logits, labels=targets
        )
    # `tf.nn` has a form of its own, since this operation has no deterministic kernel on
    # a GPU.
    expected = tf.one_hot(targets, logits.shape[-1], dtype=logits.dtype)
    return word_losses(logits, targets), tf.nn.softmax(logits) - expected


def _losses(targets, decoded):
    return dual.forward(word_losses, decode(*decoded), targets)


def _losses_at_constant_weights(outputs, embedding, bias, targets):
    """As `_losses`, with the gradient in the outputs made in the forward pass.

    A loss depends on one row of the outputs alone. The gradient in that row, multiplied
    by the loss's own, is all that a backward pass needs; no logits are kept for it.
    """

    def compute(rows):
        logits = _logits_of_rows(rows, embedding, bias)
        losses, errors = losses_and_errors(logits, tf.reshape(targets, [-1]))
        return losses, (losses, product(cast(errors, outputs.dtype), embedding))

    def gradient(_, needed, upstream):
        losses, slopes = needed
        # As the product of `Dual` goes forward, from the factors to the result, this
        # goes back, and so from the tangent to the value: they change places.
        upstream = pack(losses, upstream[::-1])
        column = reshape(cast(upstream, outputs.dtype), [-1, 1])
        return flatten(column * slopes)[::-1]

    losses = with_gradient(compute, gradient, _in_rows(outputs))
    return reshape(losses, tf.shape(targets))


def _in_rows(outputs):
    return reshape(outputs, [-1, outputs.shape[-1]])


class Decoder:
    """Computes the losses of words, a few words at a time.

    Args:
        recompute: Whether the backward pass computes the logits again, rather than
            keeping their gradient. With constant weights it needs neither.
    """

    def __init__(self, recompute: bool):
        self._losses = Recomputed(_losses, jit_compile=False) if recompute else _losses

    def losses(
        self,
        outputs: tf.Tensor | Dual,
        embedding: tf.Tensor | Dual,
        bias: tf.Tensor | Dual,
        targets: tf.Tensor,
        constant_weights: bool,
    ) -> tf.Tensor | Dual:
        """Computes the `word_losses` of `decode`.

        Args:
            outputs, embedding, bias: As in `decode`, or `Dual`.
            targets: Integer tensor of shape `(batch, time)`; where time is not known
                when the graph is made, all words are decoded at once.
            constant_weights: Whether no gradient in embedding and bias is asked for.

        Returns:
            Tensor of shape `(batch, time)`, or `Dual`.
        """
        time, losses = outputs.shape[1], []
        for first in range(0, time or 1, WORDS_AT_ONCE):
            last = first + WORDS_AT_ONCE if time else None
            words, wanted = _words(outputs, first, last), targets[:, first:last]
            # The blocks come one after the other, because all at once need the memory
            # of several.
            with tf.control_dependencies(flatten(losses[-1:])):
                if constant_weights:
                    part = _losses_at_constant_weights(words, embedding, bias, wanted)
                else:
                    part = self._losses(wanted, (words, embedding, bias))
            losses.append(part)
        return concat(losses, axis=1)


@dual.linear
def _words(outputs, first, last):
    return outputs[:, first:last]
