"""A whole search of convolutional cells by trials: from images to a report."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from darts_tf.experiments.by_trials.template import BaselineExperiment
from darts_tf.experiments.convolutional_baseline import trial
from darts_tf.experiments.convolutional_baseline.config import BaselineConfig
from darts_tf.experiments.convolutional_baseline.data import BaselineData
from darts_tf.experiments.convolutional_baseline.page import (
    WORDS,
    write_baseline_report,
)
from darts_tf.experiments.convolutional_baseline.results import (
    COLUMNS,
    CONFIG_FORMAT,
    ConvolutionalBaselineRun,
    columns_for,
    read_baseline_run,
)
from darts_tf.experiments.convolutional_baseline.table_trials import TableTrials
from darts_tf.fresh_process import FreshProcesses
from darts_tf.method.slots import Selection
from darts_tf.trials.methods import ZERO_COST

_TABLE_SHAPE, _TABLE_CLASSES = (32, 32, 3), 10


class ConvolutionalBaseline(BaselineExperiment):
    """Search of convolutional cells by a rival of DARTS (paper, section 3.3)."""

    NAME = "baseline"
    FORMAT, COLUMNS, WORDS = CONFIG_FORMAT, COLUMNS, WORDS
    SCORE = ConvolutionalBaselineRun.SCORE
    Config, Data = BaselineConfig, BaselineData
    describe, train = staticmethod(trial.describe), staticmethod(trial.train)
    read = staticmethod(read_baseline_run)
    write_page = staticmethod(write_baseline_report)

    def prepare(self) -> None:
        super().prepare()
        self.cell_table = self.config.open_table()

    def restrict(self, data: Mapping[str, Any]) -> None:
        config = self.config
        # A table says nothing of the images, which are those of CIFAR.
        shape = data.get("image_shape", _TABLE_SHAPE)
        num_classes = len(data.get("class_names", ())) or _TABLE_CLASSES
        costs = config.space_costs(shape, num_classes)
        if costs is None or config.cost_target is None:
            return
        config.check_target(costs, self.space, Selection())
        target = config.target_in_counts(costs)
        self.strategy.admits = lambda genotype: costs.of(genotype) <= target

    def columns(self) -> Sequence[str]:
        return columns_for(self.cell_table is not None, self.config.scores)

    def make_trials(self, processes: FreshProcesses) -> Any:
        if self.cell_table is not None:
            return TableTrials(self.cell_table, self.config)
        trials = super().make_trials(processes)
        if self.config.method == ZERO_COST:
            self.strategy.measure = functools.partial(_measure, trials)
        return trials


def _measure(trials, score, genotypes):
    """Returns the score of each of some genotypes, which a process measures."""
    print(f"Measuring {len(genotypes)} networks: {score}.", flush=True)
    arguments = {"score": score, "genotypes": [x.to_json_object() for x in genotypes]}
    return trials.call(trial.scores, arguments, "The process that measures networks")
