"""The model of a training on images, of its settings."""

import keras

from darts_tf.convolutional.evaluation_model import ImageTrainingModel
from darts_tf.experiments.convolutional_evaluation.config import ImageTrainingConfig
from darts_tf.experiments.convolutional_evaluation.data import ImageTrainingData
from darts_tf.experiments.convolutional_evaluation.network import make_network
from darts_tf.experiments.convolutional_evaluation.settings import (
    ImageTrainingSettings,
)
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.optimization.optimizers import MomentumSGD
from darts_tf.weight_transfer import assign_weights
from darts_tf.weights.saved_network import load_network


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


def drop_path_schedule(
    config: ImageTrainingSettings, model: keras.Model
) -> list[keras.callbacks.Callback]:
    """Returns what sets the probability to drop a path, if the network has paths.

    Args:
        config: The settings.
        model: The `ImageTrainingModel`.
    """
    rate = model.network.drop_path_rate
    if rate is None:
        return []
    return [
        keras.callbacks.LambdaCallback(
            on_epoch_begin=lambda epoch, _: rate.assign(config.drop_path_rate_at(epoch))
        )
    ]
