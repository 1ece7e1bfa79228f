"""The whole training of an evaluation network: from images to a report."""

from collections.abc import Sequence
from typing import Any

import keras

from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_evaluation.config import ImageTrainingConfig
from darts_tf.experiments.convolutional_evaluation.data import ImageTrainingData
from darts_tf.experiments.convolutional_evaluation.model import (
    drop_path_schedule,
    make_model,
)
from darts_tf.experiments.convolutional_evaluation.network import genotype_of_row
from darts_tf.experiments.convolutional_evaluation.page import write_training_report
from darts_tf.experiments.convolutional_evaluation.recorder import ImageTrainingRecorder
from darts_tf.experiments.convolutional_evaluation.results import (
    CONFIG_FORMAT,
    TrainingRun,
    columns_for,
    read_training_run,
)
from darts_tf.experiments.image_experiment import ImageExperiment
from darts_tf.experiments.trained_genotype import trained_genotype
from darts_tf.genotype.cells_genotype import ImageGenotype
from darts_tf.plugins import import_modules
from darts_tf.runs.epoch_recorder import EpochRecorder


class ConvolutionalEvaluation(ImageExperiment):
    """Training of the network of a genotype (paper, sections 3.2 and 3.3), or a row."""

    NAME = "eval"
    FORMAT, SCORE = CONFIG_FORMAT, TrainingRun.SCORE
    Config, Data = ImageTrainingConfig, ImageTrainingData
    read = staticmethod(read_training_run)
    write_page = staticmethod(write_training_report)

    def prepare(self) -> None:
        import_modules("primitive_modules", self.config.primitive_modules)
        row = self.config.row()
        if row:
            self.genotype = genotype_of_row(self.config, row)
            return
        found = trained_genotype(ImageGenotype, self.config)
        self.genotype = self.config.named_space().trained_genotype(found)

    def check_replicas(self, count: int) -> None:
        if count > 1 and self.config.accumulation_steps > 1:
            raise UserError(
                "`accumulation_steps` is for one device; give `accumulation_steps=1`, "
                "or `strategy=single`."
            )

    def make_model(self) -> keras.Model:
        return make_model(self.config, self.genotype, self.data)

    def columns(self) -> Sequence[str]:
        return columns_for(len(self.data.class_names))

    def callbacks(self) -> list[keras.callbacks.Callback]:
        return [*super().callbacks(), *drop_path_schedule(self.config, self.model)]

    def recorder(self, *records: Any) -> EpochRecorder:
        return ImageTrainingRecorder(self.path, self.config, self.data, *records)
