"""Flags of `trainers.search_rnn`: the settings of `RecurrentSearchConfig`."""

from darts_tf.experiments.recurrent_search.experiment import RecurrentSearch
from flags.run_flags import RunFlags

search_flags = RunFlags(RecurrentSearch)
