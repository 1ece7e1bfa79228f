"""The network and the model of a convolutional search, of its settings."""

import keras

from darts_tf.convolutional.forms.form import settled_form
from darts_tf.convolutional.search_model import SearchModel
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.experiments.convolutional_search.data import SearchData
from darts_tf.experiments.space_settings import DARTS_SPACE
from darts_tf.method.architecture_cost import ArchitectureCost
from darts_tf.optimization.optimizers import CoupledAdam, MomentumSGD


def make_model(
    config: SearchConfig, data: SearchData, cost: ArchitectureCost | None = None
) -> keras.Model:
    """Builds and compiles the `SearchModel` of a configuration.

    Args:
        config: The configuration.
        data: Its images.
        cost: `ArchitectureCost` of the derived network, or `None`.
    """
    return make_search_model(config, make_network(config, data), cost)


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
        form=settled_form(config.form),
        method=config.search_method(),
        dtype=config.precision,
        **_named_network(config),
    )
    network.build((None, *data.image_shape))
    return network


def make_search_model(
    config: SearchConfig, network: SearchNetwork, cost: ArchitectureCost | None = None
) -> keras.Model:
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
        cost=cost,
    )
    return model


def _named_network(config):
    """Arguments of the `SearchNetwork` of a space that is not that of DARTS."""
    if config.space == DARTS_SPACE:
        return {}
    skeleton = config.named_space().skeleton(config.layers, config.init_channels)
    return {"space": config.search_space(), "skeleton": skeleton}
