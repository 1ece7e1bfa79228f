"""Searching: the Keras model, its optimizers, and whole runs."""

from darts_tf.training.optimizers import CoupledAdam as CoupledAdam
from darts_tf.training.optimizers import MomentumSGD as MomentumSGD
from darts_tf.training.recurrent_search_model import (
    RecurrentSearchModel as RecurrentSearchModel,
)
from darts_tf.training.search_model import SearchModel as SearchModel
