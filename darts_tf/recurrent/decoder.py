"""From the cell's outputs to words: logits, and the losses of words."""

import tensorflow as tf

# At 10,000 words and a batch of 256 the logits of so many words take 51 MB, those of a
# sequence of 35 would take 358 MB, each of the several times that a pass needs them.
WORDS_AT_ONCE = 5


def decode(outputs, embedding, bias):
    """Computes the logits of the next word.

    Args:
        outputs: Tensor of shape `(batch, time, units)`.
        embedding: Tensor of shape `(vocabulary, units)`.
        bias: Tensor of shape `(vocabulary,)`.

    Returns:
        Tensor of shape `(batch, time, vocabulary)`.
    """
    return tf.einsum("btn,vn->btv", outputs, embedding) + bias


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


def decoded_losses(outputs, embedding, bias, targets):
    """Computes `word_losses` of the logits of `decode`, a few words at a time.

    A length that is not known when the graph is made is decoded at once.
    """
    time = outputs.shape[1]
    if time is None:
        return word_losses(decode(outputs, embedding, bias), targets)
    losses = [
        word_losses(
            decode(outputs[:, first : first + WORDS_AT_ONCE], embedding, bias),
            targets[:, first : first + WORDS_AT_ONCE],
        )
        for first in range(0, time, WORDS_AT_ONCE)
    ]
    return tf.concat(losses, axis=1)


def in_full_precision(x):
    """Casts what a mixed-precision model computes, so that sums lose nothing."""
    return tf.cast(x, tf.float32) if x.dtype.size < tf.float32.size else x
