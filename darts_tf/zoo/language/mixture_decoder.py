"""The decoder of a mixture of softmaxes: probabilities of words, and their losses."""

from typing import NamedTuple

import tensorflow as tf

from darts_tf.autodiff.dual_operations import in_full_precision
from darts_tf.autodiff.recomputed import Recomputed

# At 10,000 words, 12 texts and 15 experts the logits of so many words take 36 MB, those
# of a sequence of 70 would take 500 MB.
WORDS_AT_ONCE = 5


class MixtureWeights(NamedTuple):
    """The weights of the decoder.

    Attributes:
        prior: Shape `(units, experts)`.
        embedding: Shape `(vocabulary, embedding units)`.
        bias: Shape `(vocabulary,)`.
    """

    prior: tf.Tensor
    embedding: tf.Tensor
    bias: tf.Tensor


class MixtureDecoder:
    """Computes logarithms of probabilities, and the losses of a few words at a time.

    The backward pass computes the logits again, which all experts together have too
    many of to be kept.
    """

    def __init__(self):
        self._losses = Recomputed(_losses, jit_compile=False)

    def log_probabilities(
        self, outputs: tf.Tensor, latent: tf.Tensor, weights: MixtureWeights
    ) -> tf.Tensor:
        """Computes the logarithm of the probability of each word.

        Args:
            outputs: Tensor of shape `(batch, time, units)`.
            latent: Tensor of shape `(batch, time, experts * embedding units)`.
            weights: `MixtureWeights`.

        Returns:
            Tensor of shape `(batch, time, vocabulary)`.
        """
        log_prior, logits = _mixture(outputs, latent, weights)
        log_p = log_prior[..., None] + tf.nn.log_softmax(logits)
        return tf.reduce_logsumexp(log_p, axis=2)

    def losses(
        self,
        outputs: tf.Tensor,
        latent: tf.Tensor,
        targets: tf.Tensor,
        weights: MixtureWeights,
    ) -> tf.Tensor:
        """Computes the negative log-likelihood of each target, in nats.

        Args:
            outputs, latent, weights: As in `log_probabilities`.
            targets: Integer tensor of shape `(batch, time)`; where time is not known
                when the graph is made, all words are decoded at once.

        Returns:
            Tensor of shape `(batch, time)`.
        """
        time, losses = outputs.shape[1], []
        for first in range(0, time or 1, WORDS_AT_ONCE):
            words = slice(first, first + WORDS_AT_ONCE if time else None)
            parts = (outputs[:, words], latent[:, words])
            # The blocks come one after the other, because all at once need the memory
            # of several.
            with tf.control_dependencies(losses[-1:]):
                losses.append(self._losses(targets[:, words], (*parts, weights)))
        return tf.concat(losses, axis=1)


def _mixture(outputs, latent, weights):
    """Returns logarithms of the priors, and the logits of the experts.

    They are of shapes `(batch, time, experts)` and `(batch, time, experts, words)`.
    """
    log_prior = tf.nn.log_softmax(
        in_full_precision(tf.tensordot(outputs, weights.prior, 1))
    )
    shape = tf.concat([tf.shape(latent)[:2], weights.prior.shape[1:]], axis=0)
    rows = tf.reshape(latent, [-1, weights.embedding.shape[1]])
    logits = tf.matmul(rows, weights.embedding, transpose_b=True)
    logits = in_full_precision(logits) + in_full_precision(weights.bias)
    words = weights.embedding.shape[:1]
    return log_prior, tf.reshape(logits, tf.concat([shape, words], axis=0))


def _losses(targets, arguments):
    log_prior, logits = _mixture(*arguments)
    # -log p_k of the target by each expert.
    targets = tf.broadcast_to(targets[..., None], tf.shape(log_prior))
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, logits)
    return -tf.reduce_logsumexp(log_prior - losses, axis=2)
