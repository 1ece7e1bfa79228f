"""KerasTuner's oracles as strategies: Bayesian optimization and Hyperband."""

import collections
import tempfile
from typing import Any

import keras_tuner
from keras_tuner.engine.trial import TrialStatus

from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.rivals.strategy import WORST_SCORE, Options, Strategy, Trial
from darts_tf.space.search_space import SearchSpace
from darts_tf.tuning.hyperparameters import genotype_of, space_hyperparameters

_OBJECTIVE = "score"
# What Hyperband adds to the values of a trial.
_EPOCHS = "tuner/epochs"


class TunerStrategy(Strategy):
    """A strategy that asks an oracle, for which the space is hyperparameters.

    The files that an oracle writes are not its state here, which a log holds: what was
    asked and told, told again, makes it anew. It learns nothing from genotypes that it
    has not proposed.

    Args:
        space: The `SearchSpace` of the genotypes.
        seed: Of all that is random.
        **settings: Arguments of the oracle.

    Attributes:
        Oracle: The class of the oracle.
    """

    Oracle: type[keras_tuner.Oracle]

    def __init__(self, space: SearchSpace, seed: int = 0, **settings: Any):
        super().__init__(space, seed, **settings)
        self._oracle = self.Oracle(
            objective=keras_tuner.Objective(_OBJECTIVE, "max"),
            hyperparameters=space_hyperparameters(space),
            allow_new_entries=False,
            tune_new_entries=False,
            # KerasTuner takes a seed of 0 for none.
            seed=seed + 1,
            **settings,
        )
        self._oracle.verbose = 0
        # It ends with the strategy.
        self._folder = tempfile.TemporaryDirectory()
        self._oracle._set_project_dir(self._folder.name, self.name)
        self._open = collections.defaultdict(list)

    def ask(self) -> SavedGenotype | None:
        """Returns the genotype to try next, `None` where the oracle has none now.

        It may have one when another trial has been told; otherwise the space has been
        searched. What is refused the oracle is told the worst score of.

        Raises:
            UserError: If too many in a row are refused.
        """
        return super().ask()

    def _propose(self) -> SavedGenotype | None:
        trial = self._oracle.create_trial(f"trial {self._asked}")
        if trial.status != TrialStatus.RUNNING:
            return None
        genotype = genotype_of(self.space, trial.hyperparameters)
        self._open[self.space.encode(genotype)].append(trial)
        self.epochs = trial.hyperparameters.values.get(_EPOCHS)
        return genotype

    def _refused(self, genotype: SavedGenotype) -> None:
        options = self.space.encode(genotype)
        self._observe(Trial(genotype, WORST_SCORE), options)

    def _observe(self, trial: Trial, options: Options) -> None:
        if not self._open[options]:
            return
        # Of equal genotypes the one that was asked for first is told first.
        asked = self._open[options].pop(0)
        self._oracle.update_trial(asked.trial_id, {_OBJECTIVE: trial.score})
        asked.status = TrialStatus.COMPLETED
        self._oracle.end_trial(asked)

    def _own_state(self) -> Any:
        raise NotImplementedError("The state of an oracle is what it was told.")


class BayesianSearch(TunerStrategy):
    """Bayesian optimization with a Gaussian process and an upper confidence bound.

    Args:
        space: The `SearchSpace` of the genotypes.
        seed: Of all that is random.
        num_initial_points: Genotypes that are drawn before the first one is proposed;
            default is three for each choice.
        alpha: What is added to the diagonal of the kernel matrix.
        beta: Weight of the deviation against the mean.
    """

    name = "bayesian"
    source = "KerasTuner, BayesianOptimizationOracle"
    search_method = "SMBO"
    Oracle = keras_tuner.oracles.BayesianOptimizationOracle

    def __init__(
        self,
        space: SearchSpace,
        seed: int = 0,
        num_initial_points: int | None = None,
        alpha: float = 1e-4,
        beta: float = 2.6,
    ):
        settings = {"num_initial_points": num_initial_points}
        # What ends a search is its budget.
        super().__init__(
            space, seed, max_trials=None, alpha=alpha, beta=beta, **settings
        )


class HyperbandSearch(TunerStrategy):
    """Many genotypes for few epochs, of which the best are trained for more.

    Each training begins anew, with the number of epochs that `epochs` says, and is a
    trial of its own.

    Args:
        space: The `SearchSpace` of the genotypes.
        seed: Of all that is random.
        max_epochs: Most epochs of a trial.
        factor: So many times as many epochs has the next round, of a share of one in so
            many of the genotypes.
    """

    name = "hyperband"
    source = "Hyperband, JMLR 18 (2018); KerasTuner, HyperbandOracle"
    search_method = "Hyperband"
    Oracle = keras_tuner.oracles.HyperbandOracle

    def __init__(
        self, space: SearchSpace, seed: int = 0, max_epochs: int = 100, factor: int = 3
    ):
        super().__init__(
            space,
            seed,
            max_epochs=max_epochs,
            factor=factor,
            # Again and again, until the budget is spent.
            hyperband_iterations=None,
        )
