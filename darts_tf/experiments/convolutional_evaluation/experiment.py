"""The whole training of an evaluation network, and its evaluation alone."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import keras

from darts_tf.convolutional.evaluation_model import ImageTrainingModel
from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_evaluation.config import ImageTrainingConfig
from darts_tf.experiments.convolutional_evaluation.data import (
    EvaluationData,
    ImageTrainingData,
)
from darts_tf.experiments.convolutional_evaluation.network import (
    genotype_of_row,
    make_network,
)
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
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.optimization.optimizers import MomentumSGD
from darts_tf.plugins import import_modules
from darts_tf.runs.epoch_recorder import EpochRecorder
from darts_tf.weight_transfer import assign_weights
from darts_tf.weights.saved_network import load_network


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
        config, rate = self.config, self.model.network.drop_path_rate
        if rate is None:
            return super().callbacks()
        return [
            *super().callbacks(),
            keras.callbacks.LambdaCallback(
                on_epoch_begin=lambda epoch, _: rate.assign(
                    config.drop_path_rate_at(epoch)
                )
            ),
        ]

    def recorder(self, *records: Any) -> EpochRecorder:
        return ImageTrainingRecorder(self.path, self.config, self.data, *records)


def evaluate(config):
    """Evaluates a trained network on the validation images; writes nothing.

    Args:
        config: `ImageTrainingConfig`, of which `weights`, the settings of the data and
            the batch size count.

    Returns:
        Dictionary of metrics by name, `loss` and `accuracy` and, for more than five
        classes, `top_5_accuracy`.

    Raises:
        UserError: If the network or the images cannot be had, or do not fit.
    """
    if config.weights is None:
        raise UserError(
            "An evaluation needs `weights`: the folder of a training, a .keras file or "
            "a PyTorch checkpoint."
        )
    import_modules("primitive_modules", config.primitive_modules)
    network = load_network(config.weights, config.genotype, config.image_size)
    # The images are brought to size as in the training of such networks.
    data = EvaluationData(dataclasses.replace(config, stem=network.stem, cutout=False))
    found = (network.num_classes, network.image_channels)
    wanted = (len(data.class_names), data.image_shape[-1])
    if found != wanted:
        raise UserError(
            f"`weights`={config.weights} is a network for {found[0]} classes and "
            f"images of {found[1]} channel(s), but `dataset`={config.dataset} has "
            f"{wanted[0]} and {wanted[1]}."
        )
    model = ImageTrainingModel(network)
    model.compile(jit_compile=config.jit_compile)
    return model.evaluate(data.validation_batches(), return_dict=True)


def make_model(
    config: ImageTrainingConfig, genotype: SavedGenotype | None, data: ImageTrainingData
) -> keras.Model:
    """Builds and compiles the `ImageTrainingModel` of a configuration.

    Args:
        config: `ImageTrainingConfig`.
        genotype: `Genotype`; it does not count where the configuration names a row.
        data: `ImageTrainingData`.
    """
    # Here, since libraries that load data draw from the same generators.
    keras.utils.set_random_seed(config.seed)
    network = make_network(config, genotype, len(data.class_names), data.image_shape)
    if config.weights:
        source = load_network(config.weights, config.genotype, data.image_shape[0])
        assign_weights(network, source)
    model = ImageTrainingModel(
        network,
        config.auxiliary_weight,
        config.label_smoothing,
        config.gradient_clip,
        config.accumulation_steps,
        config.sync_batch_norm,
    )
    model.compile(
        MomentumSGD(config.learning_rate, config.momentum, config.weight_decay),
        jit_compile=config.jit_compile,
    )
    return model
