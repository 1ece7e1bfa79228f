"""Searches with several targets for the cost, and what they have found side by side."""

from darts_tf.front.config import FrontConfig as FrontConfig
from darts_tf.front.run import FrontCell as FrontCell
from darts_tf.front.run import find_front as find_front
