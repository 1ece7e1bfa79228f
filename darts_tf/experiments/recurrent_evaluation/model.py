"""The network and the model of the training of a language model, of its settings."""

import keras

from darts_tf.experiments.recurrent_evaluation.config import LanguageConfig
from darts_tf.experiments.recurrent_evaluation.data import LanguageData
from darts_tf.experiments.trained_row import check_no_epoch
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.optimization.averaged_sgd import AveragedSGD
from darts_tf.recurrent import EvaluationCell, LanguageModel
from darts_tf.recurrent.evaluation_model import LanguageTrainingModel
from darts_tf.recurrent.language_network import LanguageNetwork
from darts_tf.zoo.row import Row


def make_model(
    config: LanguageConfig, genotype: SavedGenotype | None, data: LanguageData
) -> keras.Model:
    """Builds and compiles the `LanguageTrainingModel` of a configuration.

    Args:
        config: `LanguageConfig`.
        genotype: `RecurrentGenotype`; not read where the configuration is of a row of
            the tables.
        data: `LanguageData`.
    """
    keras.utils.set_random_seed(config.seed)
    network = make_network(config, genotype, data.vocabulary_size)
    network.build()
    model = LanguageTrainingModel(
        network, config.batch_size, config.gradient_clip, config.slowness, config.seed
    )
    model.compile(AveragedSGD(config.learning_rate, config.weight_decay))
    return model


def genotype_of_row(config: LanguageConfig, row: Row) -> SavedGenotype | None:
    """Returns the genotype of a row's cell, or `None` if it has none.

    Args:
        config: `LanguageConfig`.
        row: The `Row` that it names.

    Raises:
        UserError: If the settings do not fit the row.
    """
    check_no_epoch(config)
    cell = getattr(row.build(), "cell", None)
    return cell.genotype if isinstance(cell, EvaluationCell) else None


def make_network(
    config: LanguageConfig, genotype: SavedGenotype | None, vocabulary_size: int
) -> LanguageNetwork:
    """Builds the network of a configuration, without its variables.

    Args:
        config, genotype: See `make_model`.
        vocabulary_size: Number of words.
    """
    row = config.row()
    if row is None:
        cell = EvaluationCell(config.hidden_size, genotype)
        return LanguageModel(vocabulary_size, cell, config.dropout, config.seed)
    return row.build(
        vocabulary_size=vocabulary_size,
        hidden_size=config.hidden_size,
        dropout=config.dropout,
        seed=config.seed,
    )
