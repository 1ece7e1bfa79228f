"""From the cell's outputs to words: logits, and the losses of words."""

import tensorflow as tf

from darts_tf import dual
from darts_tf.recurrent.cell import product
from darts_tf.recurrent.recomputation import Recomputed, flatten, pack

# At 10,000 words and a batch of 256 the logits of so many words take 51 MB, those of a
# sequence of 35 would take 358 MB, each of the several times that a pass needs them.
WORDS_AT_ONCE = 5


def decode(outputs, embedding, bias):
    """Computes the logits of the next word, of tensors or of `Dual`.

    Args:
        outputs: Tensor of shape `(batch, time, units)`.
        embedding: Tensor of shape `(vocabulary, units)`.
        bias: Tensor of shape `(vocabulary,)`.

    Returns:
        Tensor of shape `(batch, time, vocabulary)`.
    """
    units, words = embedding.shape[1], embedding.shape[0]
    # Not `tf.einsum`, whose gradient lays the logits out anew.
    logits = product(_reshape(outputs, [-1, units]), embedding, transpose_b=True)
    shape = tf.concat([tf.shape(dual.value(outputs))[:-1], [words]], axis=0)
    return _reshape(logits + bias, shape)


@dual.linear
def in_full_precision(x):
    """Casts what a mixed-precision model computes, so that sums lose nothing."""
    return tf.cast(x, tf.float32) if x.dtype.size < tf.float32.size else x


def word_losses(logits, targets):
    """Negative log-likelihood of each word, in nats.

    Args:
        logits: Tensor of shape `(batch, time, vocabulary)`, or `Dual`.
        targets: Integer tensor of shape `(batch, time)`.

    Returns:
        Tensor of shape `(batch, time)`, or `Dual`.
    """
    if isinstance(logits, dual.Dual):
        return losses_and_errors(logits, targets)[0]
    return tf.nn.sparse_softmax_cross_entropy_with_logits(
        targets, in_full_precision(logits)
    )


def losses_and_errors(logits, targets):
    """The `word_losses` and their gradient in the logits.

    With p = softmax(logits), e = 1 for the target and 0 for other words, and l' the
    tangent of the logits,

        errors = p - e,  losses' = errors . l',  errors' = p (l' - p . l').

    Args:
        logits, targets: As in `word_losses`.

    Returns:
        Tuple of tensors of the shapes of targets and logits, or of `Dual`.
    """
    logits = in_full_precision(logits)
    values = dual.value(logits)
    losses, errors = tf.raw_ops.SparseSoftmaxCrossEntropyWithLogits(
        features=tf.reshape(values, [-1, values.shape[-1]]),
        labels=tf.reshape(targets, [-1]),
    )
    losses = tf.reshape(losses, tf.shape(targets))
    errors = tf.reshape(errors, tf.shape(values))
    if not isinstance(logits, dual.Dual):
        return losses, errors
    p, tangent = tf.nn.softmax(values), logits.tangent
    mean = tf.reduce_sum(p * tangent, axis=-1, keepdims=True)
    return (
        dual.Dual(losses, tf.reduce_sum(errors * tangent, axis=-1)),
        dual.Dual(errors, p * (tangent - mean)),
    )


def _losses(targets, decoded):
    return word_losses(decode(*decoded), targets)


def _losses_at_constant_weights(outputs, embedding, bias, targets):
    """As `_losses`, with the gradient in the outputs made in the forward pass.

    A loss depends on one row of the outputs alone. The gradient in that row, multiplied
    by the loss's own, is all that a backward pass needs; no logits are kept for it.
    """
    packed = []

    @tf.custom_gradient
    def call(*parts):
        logits = decode(pack(outputs, parts), embedding, bias)
        losses, errors = losses_and_errors(logits, targets)
        errors = _cast(errors, embedding.dtype)
        rows = product(errors, embedding, constant=True)

        def gradient(*upstream):
            # That of a product of `Dual`, but from its results back to its factors,
            # from the tangent to the value: the parts change places.
            given = _cast(pack(losses, upstream[::-1]), embedding.dtype)
            return flatten(_as_rows(given) * rows)[::-1]

        packed.append(losses)
        return flatten(losses), gradient

    parts = call(*flatten(outputs))
    return pack(packed[0], parts)


class Decoder:
    """Computes the losses of words, a few words at a time.

    Args:
        recompute: Whether the backward pass computes the logits again, rather than
            keeping their gradient.
    """

    def __init__(self, recompute):
        self._losses = Recomputed(_losses, jit_compile=False) if recompute else _losses

    def losses(self, outputs, embedding, bias, targets, constant_weights):
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
            if constant_weights:
                part = _losses_at_constant_weights(words, embedding, bias, wanted)
            else:
                part = self._losses(wanted, (words, embedding, bias))
            losses.append(part)
        return _join(losses)


@dual.linear
def _words(outputs, first, last):
    return outputs[:, first:last]


@dual.linear
def _join(losses):
    return tf.concat(losses, axis=1)


_reshape, _cast = dual.linear(tf.reshape), dual.linear(tf.cast)


@dual.linear
def _as_rows(losses):
    return losses[..., None]
