"""A score of a network that has not been trained: its name and how it is measured."""

import contextlib
import dataclasses
import random
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from darts_tf.convolutional.image_network import ImageNetwork
from darts_tf.errors import invalid_value
from darts_tf.registry import check_identifier


@dataclasses.dataclass(frozen=True)
class Score:
    """A guess of how good a network will be, from one batch of images or none.

    Args:
        name: A lower-case identifier.
        source: The paper that it is from, in words.
        measure: Function of an `ImageNetwork` and a tensor of images that returns the
            score and leaves the network as it is.

    Call arguments:
        network: Built `ImageNetwork`.
        images: Shape `(batch, height, width, channels)`, two at least, as the network
            gets them in a training.

    Returns:
        A float, higher where the network is thought to be better; `-inf` for a network
        whose outputs say nothing of the images. The network, its statistics and the
        random numbers that come next stay as they are.

    Raises:
        ValueError: If the name is no identifier, the network is not built or none for
            images, or the images are not of this shape.
    """

    name: str
    source: str
    measure: Callable[[ImageNetwork, tf.Tensor], float]

    def __post_init__(self):
        check_identifier(self.name)

    def __call__(self, network: ImageNetwork, images: Any) -> float:
        if not (isinstance(network, ImageNetwork) and network.built):
            raise invalid_value("network", "a built `ImageNetwork`", network)
        images = tf.convert_to_tensor(images)
        if images.shape.rank != 4 or images.shape[0] < 2:
            expected = "(batch, height, width, channels) with two images at least"
            raise invalid_value("images.shape", expected, images.shape)
        with _random_numbers_kept():
            return float(self.measure(network, images))


@contextlib.contextmanager
def _random_numbers_kept():
    """Puts Python's random numbers back, of which Keras draws the seeds of layers."""
    state = random.getstate()
    try:
        yield
    finally:
        random.setstate(state)
