"""A whole recurrent search: from a text to a genotype and a report."""

from typing import Any

import keras

from darts_tf.data.text.vocabulary_file import keep_vocabulary
from darts_tf.errors import UserError
from darts_tf.experiments.architecture_experiment import ArchitectureExperiment
from darts_tf.experiments.recurrent_search.config import RecurrentSearchConfig
from darts_tf.experiments.recurrent_search.data import RecurrentSearchData
from darts_tf.experiments.recurrent_search.page import write_recurrent_search_report
from darts_tf.experiments.recurrent_search.recorder import RecurrentSearchRecorder
from darts_tf.experiments.recurrent_search.results import (
    COLUMNS,
    CONFIG_FORMAT,
    RecurrentSearchRun,
    read_recurrent_run,
)
from darts_tf.optimization.optimizers import CoupledAdam, MomentumSGD
from darts_tf.recurrent import LanguageModel, SearchCell
from darts_tf.recurrent.search_model import RecurrentSearchModel
from darts_tf.runs.epoch_recorder import EpochRecorder


class RecurrentSearch(ArchitectureExperiment):
    """Search of a recurrent cell (paper, section 3.1.2)."""

    NAME = "search_rnn"
    FORMAT, COLUMNS = CONFIG_FORMAT, COLUMNS
    SCORE, LOSSES = RecurrentSearchRun.SCORE, ("loss", "arch_loss")
    Config, Data = RecurrentSearchConfig, RecurrentSearchData
    read = staticmethod(read_recurrent_run)
    write_page = staticmethod(write_recurrent_search_report)

    def prepare(self) -> None:
        self.config.check_activations()

    def check_replicas(self, count: int) -> None:
        if self.config.batch_size < 2 * count:
            raise UserError(
                f"`batch_size`={self.config.batch_size} leaves {count} devices less "
                "than 2 streams each, over which the cell normalizes; give at least "
                f"{2 * count}."
            )

    def make_model(self) -> keras.Model:
        return make_model(self.config, self.data)

    def write_inputs(self) -> None:
        keep_vocabulary(self.path, self.data.corpus.vocabulary)

    def recorder(self, *records: Any) -> EpochRecorder:
        return RecurrentSearchRecorder(self.path, self.config.epochs, *records)

    def fit(self, first_epoch, callbacks):
        for epoch in range(first_epoch, self.config.epochs):
            self.fit_epoch(
                epoch,
                self.data.training_batches(epoch),
                callbacks,
                validation_data=self.data.validation_batches(),
            )
            if self.model.stop_training:
                break


def make_model(config: RecurrentSearchConfig, data: RecurrentSearchData) -> keras.Model:
    """Builds and compiles the `RecurrentSearchModel` of a configuration."""
    keras.utils.set_random_seed(config.seed)
    network = LanguageModel(
        data.vocabulary_size,
        SearchCell(
            config.hidden_size,
            config.nodes,
            config.activations,
            method=config.search_method(),
            dtype=config.precision,
        ),
        config.dropout,
        config.seed,
        recompute=config.recompute,
        dtype=config.precision,
    )
    network.build()
    model = RecurrentSearchModel(
        network,
        config.batch_size,
        config.valid_batch_size,
        config.order,
        config.hessian,
        config.gradient_clip,
        config.slowness,
        config.seed,
        config.arch_gradient_clip,
        config.clip_with_alpha,
    )
    model.compile(
        MomentumSGD(
            config.learning_rate,
            momentum=0.0,
            coupled_weight_decay=config.weight_decay,
        ),
        CoupledAdam(
            config.arch_learning_rate,
            config.arch_beta_1,
            config.arch_beta_2,
            coupled_weight_decay=config.arch_weight_decay,
        ),
    )
    return model
