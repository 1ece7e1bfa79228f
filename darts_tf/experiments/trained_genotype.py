"""The genotype that a training is of."""

import os
from typing import TypeVar

from darts_tf.experiments.evaluation_settings import EvaluationSettings
from darts_tf.genotype.genotype_of_run import genotype_in
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.weights.registered_genotype import load_genotype

_Genotype = TypeVar("_Genotype", bound=SavedGenotype)


def trained_genotype(kind: type[_Genotype], config: EvaluationSettings) -> _Genotype:
    """Finds the genotype of the settings; of the folder of a search, says which one.

    Args:
        kind: `Genotype` or `RecurrentGenotype`.
        config: The settings.

    Raises:
        UserError: If there is no such genotype, or one of its names is unknown.
    """
    genotype = load_genotype(kind, config.genotype, config.genotype_epoch)
    if os.path.isdir(config.genotype):
        which = genotype_in(config.genotype, config.genotype_epoch).which
        print(f"Genotype of {config.genotype}: {which}.", flush=True)
    return genotype
