"""The kinds of runs, by the format of their configuration."""

from darts_tf.experiments.convolutional_evaluation.experiment import (
    ConvolutionalEvaluation,
)
from darts_tf.experiments.convolutional_search.experiment import ConvolutionalSearch
from darts_tf.experiments.recurrent_evaluation.experiment import RecurrentEvaluation
from darts_tf.experiments.recurrent_search.experiment import RecurrentSearch

KINDS = {
    kind.FORMAT: kind
    for kind in (
        ConvolutionalSearch,
        RecurrentSearch,
        ConvolutionalEvaluation,
        RecurrentEvaluation,
    )
}
