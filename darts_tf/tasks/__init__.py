"""Functions for notebooks and programs that do what the binaries do."""

from darts_tf.experiments.convolutional_baseline.config import (
    BaselineConfig as BaselineConfig,
)
from darts_tf.experiments.convolutional_evaluation.config import (
    ImageTrainingConfig as ImageTrainingConfig,
)
from darts_tf.experiments.convolutional_search.config import (
    SearchConfig as SearchConfig,
)
from darts_tf.experiments.recurrent_baseline.config import (
    RecurrentBaselineConfig as RecurrentBaselineConfig,
)
from darts_tf.experiments.recurrent_evaluation.config import (
    LanguageConfig as LanguageConfig,
)
from darts_tf.experiments.recurrent_search.config import (
    RecurrentSearchConfig as RecurrentSearchConfig,
)
from darts_tf.serving.export_config import ExportConfig as ExportConfig
from darts_tf.tasks.exporting import export as export
from darts_tf.tasks.loading import load as load
from darts_tf.tasks.searching import baseline as baseline
from darts_tf.tasks.searching import search as search
from darts_tf.tasks.training import train as train
