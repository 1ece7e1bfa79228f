"""The recurrent search space: activations, cells and the language model."""

from darts_tf.recurrent.activations import DARTS_ACTIVATIONS as DARTS_ACTIVATIONS
from darts_tf.recurrent.activations import register_activation as register_activation
from darts_tf.recurrent.dropout import DropoutRates as DropoutRates
from darts_tf.recurrent.evaluation_cell import EvaluationCell as EvaluationCell
from darts_tf.recurrent.language_model import LanguageModel as LanguageModel
from darts_tf.recurrent.language_network import LanguageNetwork as LanguageNetwork
from darts_tf.recurrent.language_output import (
    LanguageModelOutput as LanguageModelOutput,
)
from darts_tf.recurrent.language_output import cross_entropy as cross_entropy
from darts_tf.recurrent.language_output import slowness as slowness
from darts_tf.recurrent.search_cell import SearchCell as SearchCell
from darts_tf.recurrent.search_model import RecurrentSearchModel as RecurrentSearchModel
