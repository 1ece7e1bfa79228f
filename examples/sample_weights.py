"""Finds mislabelled training samples by the gradient that searches architectures.

A third of the training labels are wrong. Each sample has a weight, sigmoid(alpha), that
descends the loss of clean validation data at one unrolled step of the weights w: the
bilevel problem of a search (paper, section 2.2) without an architecture.

    python -m examples.sample_weights
"""

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

from darts_tf.method.architecture_gradient import Objective, second_order


def make_data(samples, random):
    """Returns training data, validation data, and which training labels are wrong."""
    digits = load_digits()
    order = random.permutation(len(digits.data))[: 2 * samples]
    x = tf.constant(digits.data[order] / 16, tf.float32)
    labels, wrong = digits.target[order], random.random(samples) < 1 / 3
    labels[:samples] += wrong * random.integers(1, 10, samples)
    return (x[:samples], labels[:samples] % 10), (x[samples:], labels[samples:]), wrong


def losses(data, w):
    """Cross-entropy of each sample under a linear classifier."""
    x, labels = data
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels, x @ w[0] + w[1])


def main(samples=600, steps=300, rate=0.5, alpha_rate=300.0):
    """Learns both; returns the mean weight of right labels and that of wrong ones."""
    train, valid, wrong = make_data(samples, np.random.default_rng(0))
    w, alpha = [tf.zeros([64, 10]), tf.zeros([10])], [tf.zeros([samples])]
    train_loss = Objective(
        lambda w, alpha: (tf.reduce_mean(tf.sigmoid(alpha[0]) * losses(train, w)), None)
    )
    valid_loss = Objective(lambda w, alpha: (tf.reduce_mean(losses(valid, w)), None))

    @tf.function
    def step(w, alpha):
        found = second_order(train_loss, valid_loss, w, alpha, rate, lambda g: g)
        alpha = [a - alpha_rate * g for a, g in zip(alpha, found.alpha)]
        gradients = train_loss.gradients(w, alpha).w
        return [x - rate * g for x, g in zip(w, gradients)], alpha, found.loss

    for _ in range(steps):
        w, alpha, loss = step(w, alpha)
    weights = tf.sigmoid(alpha[0]).numpy()
    means = weights[~wrong].mean(), weights[wrong].mean()
    text = "validation loss {:.3f}; mean weight of right labels {:.2f}, of wrong {:.2f}"
    print(text.format(loss, *means))
    return means


if __name__ == "__main__":
    main()
