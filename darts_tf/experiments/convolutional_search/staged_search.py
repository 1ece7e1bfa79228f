"""A search in stages, each of which has a model of its own (P-DARTS, DrNAS)."""

import keras

from darts_tf.experiments.architecture_experiment import ArchitectureExperiment
from darts_tf.experiments.convolutional_search.model import (
    make_model,
    make_network,
    make_search_model,
)
from darts_tf.experiments.image_experiment import ImageExperiment
from darts_tf.run_layout import stage_file
from darts_tf.runs.run_config import damaged
from darts_tf.runs.stage_spaces import read_stage_spaces, write_stage_space


class StagedSearch(ArchitectureExperiment, ImageExperiment):
    """A search on images, whose model changes from stage to stage of its schedule.

    A method without stages is one of a single stage.
    """

    def make_model(self) -> keras.Model:
        self._stages_begun = 0
        self.cost = self.config.architecture_cost(self.data)
        return make_model(self.config, self.data, self.cost)

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
            network = stage.changed(before.network)
            model = make_search_model(self.config, network, self.cost)
            stage.carry(before, model)
            model.continue_cost(before)
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
            self.model = make_search_model(self.config, network, self.cost)
        self._stages_begun = begun


def _known(spaces, epoch, folder):
    if epoch not in spaces:
        raise damaged(folder / stage_file(epoch), "a space of operations", "no file")
    return spaces[epoch]
