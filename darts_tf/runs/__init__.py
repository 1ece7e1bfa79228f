"""The folder of a run: its files, its checkpoints and the table of its metrics."""

from darts_tf.runs.checkpoint import EpochCheckpoint as EpochCheckpoint
from darts_tf.runs.epoch_recorder import EpochRecorder as EpochRecorder
from darts_tf.runs.experiment import Experiment as Experiment
from darts_tf.runs.metrics_table import columns_of_run as columns_of_run
from darts_tf.runs.run_config import RunFolderError as RunFolderError
from darts_tf.runs.run_files import Run as Run
from darts_tf.runs.run_files import read_run as read_run
from darts_tf.runs.run_settings import PrecisionSettings as PrecisionSettings
from darts_tf.runs.run_settings import RunSettings as RunSettings
