"""Cells and networks of the Penn Treebank table that no search has found."""

from darts_tf.zoo.language.highway_cell import HighwayCell as HighwayCell
from darts_tf.zoo.language.lstm_cell import LSTMCell as LSTMCell
from darts_tf.zoo.language.mixture_language_model import (
    MixtureLanguageModel as MixtureLanguageModel,
)
from darts_tf.zoo.language.nas_cell import NASCell as NASCell
from darts_tf.zoo.language.stacked_language_model import (
    StackedLanguageModel as StackedLanguageModel,
)
