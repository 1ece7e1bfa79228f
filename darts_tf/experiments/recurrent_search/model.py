"""The network and the model of a recurrent search, of its settings."""

import keras

from darts_tf.experiments.recurrent_search.config import RecurrentSearchConfig
from darts_tf.experiments.recurrent_search.data import RecurrentSearchData
from darts_tf.optimization.optimizers import CoupledAdam, MomentumSGD
from darts_tf.recurrent import LanguageModel, SearchCell
from darts_tf.recurrent.search_model import RecurrentSearchModel


def make_model(config: RecurrentSearchConfig, data: RecurrentSearchData) -> keras.Model:
    """Builds and compiles the `RecurrentSearchModel` of a configuration."""
    model = RecurrentSearchModel(
        make_network(config, data),
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


def make_network(
    config: RecurrentSearchConfig, data: RecurrentSearchData
) -> LanguageModel:
    """Builds the `LanguageModel` of a search, with its initial weights."""
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
    return network
