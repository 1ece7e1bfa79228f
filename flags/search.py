"""Flags of `trainers.search`: the settings of `SearchConfig`."""

from darts_tf.experiments.convolutional_search.experiment import ConvolutionalSearch
from flags.run_flags import RunFlags

search_flags = RunFlags(ConvolutionalSearch)
