"""From the cell's outputs to words: logits, and the losses of words."""

import tensorflow as tf

from darts_tf import dual
from darts_tf.recurrent.recomputation import Recomputed

# At 10,000 words and a batch of 256 the logits of so many words take 51 MB, those of a
# sequence of 35 would take 358 MB, each of the several times that a pass needs them.
WORDS_AT_ONCE = 5
_DECODED = ("outputs", "embedding", "bias")


def decode(outputs, embedding, bias):
    """Computes the logits of the next word.

    Args:
        outputs: Tensor of shape `(batch, time, units)`.
        embedding: Tensor of shape `(vocabulary, units)`.
        bias: Tensor of shape `(vocabulary,)`.

    Returns:
        Tensor of shape `(batch, time, vocabulary)`.
    """
    words = tf.reshape(outputs, [-1, embedding.shape[1]])
    # Not `tf.einsum`, whose gradient lays the logits out anew.
    logits = tf.matmul(words, embedding, transpose_b=True) + bias
    shape = tf.concat([tf.shape(outputs)[:-1], embedding.shape[:1]], axis=0)
    return tf.reshape(logits, shape)


def word_losses(logits, targets):
    """Negative log-likelihood of each word, in nats.

    Args:
        logits: Tensor of shape `(batch, time, vocabulary)`.
        targets: Integer tensor of shape `(batch, time)`.

    Returns:
        Tensor of shape `(batch, time)`.
    """
    return tf.nn.sparse_softmax_cross_entropy_with_logits(
        targets, in_full_precision(logits)
    )


def _losses(constants, arguments):
    given = {**constants, **arguments}
    targets = given.pop("targets")

    def losses(outputs, embedding, bias):
        return word_losses(decode(outputs, embedding, bias), targets)

    return dual.forward(losses, *(given[name] for name in _DECODED))


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
        time = outputs.shape[1]
        weights = {"embedding": embedding, "bias": bias}
        losses = []
        for first in range(0, time or 1, WORDS_AT_ONCE):
            last = first + WORDS_AT_ONCE if time else None
            fixed = {"targets": targets[:, first:last]}
            moving = {"outputs": _words(outputs, first, last)}
            (fixed if constant_weights else moving).update(weights)
            losses.append(self._losses(fixed, moving))
        return _join(losses)


@dual.linear
def _words(outputs, first, last):
    return outputs[:, first:last]


@dual.linear
def _join(losses):
    return tf.concat(losses, axis=1)


def in_full_precision(x):
    """Casts what a mixed-precision model computes, so that sums lose nothing."""
    return tf.cast(x, tf.float32) if x.dtype.size < tf.float32.size else x
