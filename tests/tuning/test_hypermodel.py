"""Networks of hyperparameters, and tuners of KerasTuner with them."""

import keras
import keras_tuner
import numpy as np
import pytest
import tensorflow as tf
from sklearn.datasets import load_digits

from darts_tf.convolutional.evaluation_model import ImageTrainingModel
from darts_tf.optimization.optimizers import MomentumSGD
from darts_tf.rivals import get_strategy
from darts_tf.space.search_space import convolutional_space, recurrent_space
from darts_tf.spaces.known.hierarchical import MOTIFS
from darts_tf.tuning.hypermodel import CellHyperModel
from darts_tf.tuning.hyperparameters import (
    genotype_of,
    hyperparameters_of,
    space_hyperparameters,
)
from darts_tf.tuning.leases import leased
from darts_tf.tuning.oracle import StrategyOracle

SPACE = convolutional_space(("none", "skip_connect", "max_pool_3x3"), 1)
SMALL = {"image_shape": (8, 8, 1), "init_channels": 4, "auxiliary": False}


@pytest.fixture
def eager():
    """Steps that are not traced, since few of each network are taken."""
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


def search(tuner):
    """Searches with two steps on digits a trial; returns the tuner."""
    digits = load_digits(n_class=4)
    images, labels = digits.images[:64, ..., None] / 16, digits.target[:64]
    data = (images[:48], labels[:48])
    validation_data = (images[48:], labels[48:])
    tuner.search(*data, validation_data=validation_data, batch_size=24, verbose=0)
    (model,) = tuner.get_best_models()
    (best,) = tuner.oracle.get_best_trials()
    accuracy = model.evaluate(*validation_data, return_dict=True, verbose=0)["accuracy"]
    assert accuracy == best.score
    genotype = genotype_of(SPACE, tuner.get_best_hyperparameters()[0])
    assert model.network.genotype == genotype
    assert {x.status for x in tuner.oracle.trials.values()} == {"COMPLETED"}
    return tuner


@pytest.mark.parametrize("name", ["darts", "nasbench201", "s1"])
def test_the_network_is_that_of_the_genotype(name):
    hypermodel = CellHyperModel(name, 3, num_cells=3, **SMALL)
    genotype = hypermodel.space.sample(np.random.default_rng(0))
    hyperparameters = hyperparameters_of(hypermodel.space, genotype)
    model = hypermodel.build(hyperparameters)
    assert isinstance(model, ImageTrainingModel)
    assert model.network.genotype == genotype
    assert model.network(np.zeros([2, 8, 8, 1])).shape == (2, 3)
    optimizer = model.optimizer
    assert isinstance(optimizer, MomentumSGD)
    settings = (optimizer.momentum, optimizer.coupled_weight_decay)
    assert (float(optimizer.learning_rate), *settings) == (
        pytest.approx(0.025),
        0.9,
        3e-4,
    )


def test_other_hyperparameters_may_stand_beside_the_cells():
    class OwnHyperModel(CellHyperModel):
        def build(self, hp):
            model = super().build(hp)
            model.optimizer.learning_rate = hp.Float("learning_rate", 0.01, 0.1)
            return model

    hyperparameters = keras_tuner.HyperParameters()
    model = OwnHyperModel(SPACE, num_cells=1, **SMALL).build(hyperparameters)
    assert float(model.optimizer.learning_rate) == pytest.approx(0.01)
    names = [*SPACE.choices(), "learning_rate"]
    assert [choice.name for choice in hyperparameters.space] == names


def test_an_optimizer_of_ones_own():
    make = keras.optimizers.Adam
    model = CellHyperModel(SPACE, num_cells=1, make_optimizer=make, **SMALL).build(
        space_hyperparameters(SPACE)
    )
    assert isinstance(model.optimizer, keras.optimizers.Adam)


def test_motifs_become_cells():
    hypermodel = CellHyperModel(MOTIFS, num_cells=1, **SMALL)
    model = hypermodel.build(space_hyperparameters(MOTIFS))
    assert list(model.network.genotype.cells) == ["hierarchical"]


def test_a_strategy_in_a_tuner_of_keras_tuner(tmp_path, eager):
    strategy = get_strategy("evolution")(SPACE, seed=1, population=2, sample=1)
    oracle = StrategyOracle(strategy, "val_accuracy", max_trials=3)
    hypermodel = CellHyperModel(SPACE, 4, num_cells=1, **SMALL)
    tuner = search(keras_tuner.Tuner(oracle, hypermodel, directory=tmp_path))
    scores = [trial.score for trial in tuner.oracle.trials.values()]
    assert [trial.score for trial in strategy.trials] == scores
    assert strategy.best.score == max(scores)
    # Begun again, it has nothing left to do.
    again = get_strategy("evolution")(SPACE, seed=1, population=2, sample=1)
    oracle = StrategyOracle(again, "val_accuracy", max_trials=3)
    keras_tuner.Tuner(oracle, hypermodel, directory=tmp_path).search(None)
    assert again.trials == strategy.trials


def test_an_oracle_of_keras_tuner_on_cells(tmp_path, eager):
    hypermodel = CellHyperModel(SPACE, 4, num_cells=1, **SMALL)
    tuner = keras_tuner.RandomSearch(
        hypermodel, "val_accuracy", max_trials=2, seed=1, directory=tmp_path
    )
    search(tuner)
    assert len(tuner.oracle.trials) == 2


@pytest.mark.long
@pytest.mark.parametrize("with_leases", [False, True])
def test_bayesian_optimization_on_cells(with_leases, tmp_path, eager):
    oracle_class = keras_tuner.oracles.BayesianOptimizationOracle
    arguments = {"worker_timeout": 60} if with_leases else {}
    oracle = (leased(oracle_class) if with_leases else oracle_class)(
        "val_accuracy", max_trials=4, num_initial_points=2, seed=1, **arguments
    )
    hypermodel = CellHyperModel(SPACE, 4, num_cells=1, **SMALL)
    search(keras_tuner.Tuner(oracle, hypermodel, directory=tmp_path))
    assert len(oracle.trials) == 4


def test_bad_arguments():
    with pytest.raises(ValueError, match=r"`space`, expected one of .*darts"):
        CellHyperModel("no_such_space")
    with pytest.raises(ValueError, match="`space`, expected a name or a `SearchSp"):
        CellHyperModel(None)
    space = recurrent_space(("none", "tanh"), 2)
    with pytest.raises(ValueError, match="unknown primitive"):
        CellHyperModel(space, **SMALL).build(space_hyperparameters(space))
