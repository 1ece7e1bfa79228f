"""A whole convolutional search: from images to a genotype and a report."""

from collections.abc import Sequence
from typing import Any

import keras

from darts_tf.convolutional.search_model import SearchModel
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.errors import UserError
from darts_tf.experiments.architecture_experiment import (
    ArchitectureExperiment,
    with_stop,
)
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.experiments.convolutional_search.data import SearchData
from darts_tf.experiments.convolutional_search.page import write_search_report
from darts_tf.experiments.convolutional_search.recorder import SearchRecorder
from darts_tf.experiments.convolutional_search.results import (
    COLUMNS,
    CONFIG_FORMAT,
    SearchRun,
    columns_for,
    read_run,
)
from darts_tf.experiments.image_experiment import ImageExperiment
from darts_tf.experiments.space_settings import DARTS_SPACE
from darts_tf.optimization.optimizers import CoupledAdam, MomentumSGD
from darts_tf.runs.epoch_recorder import EpochRecorder
from darts_tf.runs.metrics_table import with_columns


class ConvolutionalSearch(ArchitectureExperiment, ImageExperiment):
    """Search of a normal and a reduction cell (paper, section 3.1.1)."""

    NAME = "search"
    FORMAT, COLUMNS = CONFIG_FORMAT, COLUMNS
    SCORE, LOSSES = SearchRun.SCORE, ("loss", "arch_loss")
    Config, Data = SearchConfig, SearchData
    read, write_page = staticmethod(read_run), staticmethod(write_search_report)

    def prepare(self) -> None:
        self.config.check_primitives()
        named = self.config.named_space()
        if named.auxiliary_skip:
            raise UserError(
                f"`space`={named.name} has a skip connection beside the operation of "
                "every edge, which this search does not know yet."
            )
        self.cell_table = self.config.open_table()

    def check_replicas(self, count: int) -> None:
        if count > 1 and self.config.projection != "none":
            raise UserError(
                f"`projection`={self.config.projection} evaluates the network on one "
                "device; give `strategy`=single."
            )

    def columns(self) -> Sequence[str]:
        kinds = self.config.search_space().kinds
        columns = columns_for(kinds, bool(self.cell_table))
        return with_columns(columns, self.later_columns())

    def make_model(self) -> keras.Model:
        model = make_model(self.config, self.data)
        model.validation_half = self.data.validation_batches
        return model

    def recorder(self, *records: Any) -> EpochRecorder:
        return SearchRecorder(
            self.path, self.config.total_epochs, self.cell_table, *records
        )


def make_model(config: SearchConfig, data: SearchData) -> keras.Model:
    """Builds and compiles the `SearchModel` of a configuration."""
    # Here, since libraries that load data draw from the same generators.
    keras.utils.set_random_seed(config.seed)
    network = SearchNetwork(
        num_classes=len(data.class_names),
        init_channels=config.init_channels,
        num_cells=config.layers,
        num_nodes=config.nodes,
        primitives=config.primitives,
        recompute=config.recompute,
        method=with_stop(config.search_method(), config),
        dtype=config.precision,
        **_named_network(config),
    )
    network.build((None, *data.image_shape))
    model = SearchModel(
        network,
        config.order,
        config.hessian,
        config.gradient_clip,
        config.sync_batch_norm,
        config.seed,
        config.arch_gradient_clip,
        config.clip_with_alpha,
    )
    model.compile(
        optimizer=MomentumSGD(
            config.learning_rate,
            config.momentum,
            config.weight_decay,
            config.nesterov,
        ),
        architecture_optimizer=CoupledAdam(
            config.arch_learning_rate,
            config.arch_beta_1,
            config.arch_beta_2,
            coupled_weight_decay=config.arch_weight_decay,
        ),
        jit_compile=config.jit_compile,
    )
    return model


def _named_network(config):
    """Arguments of the `SearchNetwork` of a space that is not that of DARTS."""
    if config.space == DARTS_SPACE:
        return {}
    skeleton = config.named_space().skeleton(config.layers, config.init_channels)
    return {"space": config.search_space(), "skeleton": skeleton}
