"""KerasTuner: spaces as hyperparameters, strategies as oracles, networks to tune."""

from darts_tf.tuning.hypermodel import CellHyperModel as CellHyperModel
from darts_tf.tuning.hyperparameters import genotype_of as genotype_of
from darts_tf.tuning.hyperparameters import hyperparameters_of as hyperparameters_of
from darts_tf.tuning.hyperparameters import (
    space_hyperparameters as space_hyperparameters,
)
from darts_tf.tuning.leases import LeasedOracle as LeasedOracle
from darts_tf.tuning.leases import leased as leased
from darts_tf.tuning.oracle import StrategyOracle as StrategyOracle
