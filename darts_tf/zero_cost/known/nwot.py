"""How differently the ReLUs of a network are on and off (arXiv 2006.04647v3).

Each image has a code: for each of the N values that ReLUs give whether it is positive.
The kernel K of two images is N less the Hamming distance of their codes, and

    score = log det K,

which is the higher, the less alike the codes are.
"""

import math

import numpy as np
import tensorflow as tf

from darts_tf.convolutional.image_network import ImageNetwork
from darts_tf.zero_cost.observed_pass import observed
from darts_tf.zero_cost.score import Score


def code_score(agreements: np.ndarray) -> float:
    """Returns the score of codes; `-inf` where those of two images are equal.

    Args:
        agreements: The kernel K, numbers of equal places, of shape `(batch, batch)`.
    """
    kernel = np.asarray(agreements, np.float64)
    # A determinant that is 0 would come out as a small number by rounding.
    if (kernel[~np.eye(len(kernel), dtype=bool)] == kernel[0, 0]).any():
        return -math.inf
    sign, logarithm = np.linalg.slogdet(kernel)
    return float(logarithm) if sign > 0 else -math.inf


def nwot(network: ImageNetwork, images: tf.Tensor) -> float:
    """Measures a network, see above.

    Args:
        network: Built network.
        images: Shape `(batch, height, width, channels)`.
    """
    return code_score(observed(network, images).agreements.numpy())


NWOT = Score("nwot", "Mellor et al., arXiv 2006.04647v3", nwot)
