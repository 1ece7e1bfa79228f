"""A whole convolutional search: from images to a genotype and a report."""

from collections.abc import Sequence
from typing import Any

import keras

from darts_tf.convolutional.search_model import SearchModel
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.distribution.cluster import find_cluster
from darts_tf.errors import UserError
from darts_tf.experiments.architecture_experiment import ArchitectureExperiment
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
from darts_tf.run_layout import stage_file
from darts_tf.runs.epoch_recorder import EpochRecorder
from darts_tf.runs.run_config import damaged
from darts_tf.runs.stage_spaces import read_stage_spaces, write_stage_space


class ConvolutionalSearch(ArchitectureExperiment, ImageExperiment):
    """Search of a normal and a reduction cell (paper, section 3.1.1)."""

    NAME = "search"
    FORMAT, COLUMNS = CONFIG_FORMAT, COLUMNS
    SCORE, LOSSES = SearchRun.SCORE, ("loss", "arch_loss")
    Config, Data = SearchConfig, SearchData
    read, write_page = staticmethod(read_run), staticmethod(write_search_report)

    def prepare(self) -> None:
        self.config.check_primitives()
        self.config.check_selection()
        self.cell_table = self.config.open_table()

    def check_replicas(self, count: int) -> None:
        if self.config.projection == "none":
            return
        several = self.config.strategy in ("auto", "multi_worker")
        workers = find_cluster() if several else None
        if workers and workers.count > 1:
            raise UserError(
                f"`projection`={self.config.projection} decides on one machine, and "
                f"TF_CONFIG names {workers.count}; give `strategy=mirrored`."
            )

    def search_columns(self) -> Sequence[str]:
        return columns_for(self.config.search_space().kinds, bool(self.cell_table))

    def make_model(self) -> keras.Model:
        self._stages_begun = 0
        model = make_model(self.config, self.data)
        model.validation_half = self.data.validation_batches
        return model

    def state_variables(self, epochs: int) -> list[keras.Variable]:
        """As of `Experiment`; the last epoch of a stage has the model of that stage."""
        begun = sum(first < epochs for _, first, _ in self._parts()[1:])
        if begun != self._stages_begun:
            self._rebuild(begun)
        return self.model.state_variables

    def fit(self, first_epoch, callbacks):
        for number, (_, first, last) in enumerate(self._parts()):
            if last <= first_epoch and last < self.config.total_epochs:
                continue
            if number > self._stages_begun:
                self._begin_stage()
            self.fit_epochs(
                self.data.training_batches,
                self.data.validation_batches,
                max(first, first_epoch),
                callbacks,
                last,
            )
            if self.model.stop_training:
                break

    def _parts(self):
        return self.model.method.schedule.parts(self.config.total_epochs)

    def _begin_stage(self):
        """Goes over to the model of the next stage, and writes what its space is."""
        before, number = self.model, self._stages_begun + 1
        stage, first, _ = self._parts()[number]
        with before.distribute_strategy.scope():
            model = make_search_model(self.config, stage.changed(before.network))
            stage.carry(before, model)
        model.record = before.record
        if self.workers.is_chief:
            self.require_folder()
            write_stage_space(self.path, first + 1, model.network.space)
        self.model, self._stages_begun = model, number

    def _rebuild(self, begun):
        """Makes the model of a stage, whose variables a checkpoint holds."""
        with self.model.distribute_strategy.scope():
            network = make_network(self.config, self.data)
            spaces = read_stage_spaces(self.path, network.space)
            for stage, first, _ in self._parts()[1 : begun + 1]:
                network = stage.rebuilt(network, _known(spaces, first + 1, self.path))
            self.model = make_search_model(self.config, network)
        self._stages_begun = begun

    def recorder(self, *records: Any) -> EpochRecorder:
        return SearchRecorder(
            self.path, self.config.total_epochs, self.cell_table, *records
        )


def make_model(config: SearchConfig, data: SearchData) -> keras.Model:
    """Builds and compiles the `SearchModel` of a configuration."""
    return make_search_model(config, make_network(config, data))


def make_network(config: SearchConfig, data: SearchData) -> SearchNetwork:
    """Builds the `SearchNetwork` that a search begins with."""
    # Here, since libraries that load data draw from the same generators.
    keras.utils.set_random_seed(config.seed)
    network = SearchNetwork(
        num_classes=len(data.class_names),
        init_channels=config.init_channels,
        num_cells=config.layers,
        num_nodes=config.nodes,
        primitives=config.primitives,
        recompute=config.recompute,
        method=config.search_method(),
        dtype=config.precision,
        **_named_network(config),
    )
    network.build((None, *data.image_shape))
    return network


def make_search_model(config: SearchConfig, network: SearchNetwork) -> keras.Model:
    """Compiles the `SearchModel` of a network, that of a stage or the first one."""
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


def _known(spaces, epoch, folder):
    if epoch not in spaces:
        raise damaged(folder / stage_file(epoch), "a space of operations", "no file")
    return spaces[epoch]


def _named_network(config):
    """Arguments of the `SearchNetwork` of a space that is not that of DARTS."""
    if config.space == DARTS_SPACE:
        return {}
    skeleton = config.named_space().skeleton(config.layers, config.init_channels)
    return {"space": config.search_space(), "skeleton": skeleton}
