"""How differently a network responds to different images (arXiv 2006.04647v1).

Of the gradient of all outputs in each image, correlated with those in the others, the
eigenvalues v of the correlation matrix give

    score = - sum of (log(v + k) + 1 / (v + k)),  k = 1e-5.

Images that the network tells apart are uncorrelated, all v are 1, and the score is
highest; images that it takes for the same make some v vanish.
"""

import math

import numpy as np
import tensorflow as tf

from darts_tf.convolutional.image_network import ImageNetwork
from darts_tf.zero_cost.observed_pass import observed
from darts_tf.zero_cost.score import Score

_K = 1e-5


def jacobian_score(jacobian: np.ndarray) -> float:
    """Returns the score of gradients; `-inf` where one does not vary over its image.

    Args:
        jacobian: Shape `(batch, values of an image)`.
    """
    rows = np.asarray(jacobian, np.float64)
    rows = rows - rows.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not lengths.all():
        return -math.inf
    rows /= lengths
    eigenvalues = np.linalg.eigvalsh(rows @ rows.T)
    # Rounding makes those that vanish a little less than 0.
    shifted = np.maximum(eigenvalues, 0) + _K
    return float(-(np.log(shifted) + 1 / shifted).sum())


def jacob_cov(network: ImageNetwork, images: tf.Tensor) -> float:
    """Measures a network, see above.

    Args:
        network: Built network.
        images: Shape `(batch, height, width, channels)`.
    """
    return jacobian_score(observed(network, images).jacobian.numpy())


JACOB_COV = Score("jacob_cov", "Mellor et al., arXiv 2006.04647v1", jacob_cov)
