"""The folders of finished runs, read for a comparison."""

import collections
import dataclasses
import functools
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from darts_tf.experiments.architecture_run import ArchitectureRun
from darts_tf.experiments.convolutional_evaluation.config import OTHER_HALF
from darts_tf.experiments.kept_epochs import recommended
from darts_tf.experiments.methods.settings import MethodSettings
from darts_tf.experiments.search_cost import SearchCost, read_cost
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.method.search.costed_search import DERIVED
from darts_tf.runs.experiment import Experiment
from darts_tf.runs.run_files import Run
from darts_tf.settings import (
    Settings,
    added_settings,
    free_settings,
    known_of,
    settings_of,
)
from darts_tf.space.search_space import SearchSpace
from darts_tf.space.topology import NONE
from darts_tf.zoo.registry import get_row, is_row

_RECIPE_GROUPS = ("Data", "Network", "Optimization")
# Of other groups, since they change what comes out, and not only its last bits.
_RECIPE_SETTINGS = ("precision", "sync_batch_norm")
# They say which cells are trained, as the genotype itself does.
_GENOTYPE_SETTINGS = ("genotype", "genotype_epoch")
SECONDS_PER_HOUR = 3600


@dataclasses.dataclass(frozen=True)
class FinishedRun:
    """A run that has ended.

    Attributes:
        kind: Its kind.
        run: What it has found.
    """

    kind: type[Experiment]
    run: Run

    @property
    def name(self) -> str:
        """Name of its folder."""
        return self.run.folder.resolve().name

    @property
    def dataset(self) -> str:
        """Name of its data."""
        return str(self.run.data.get("name", self.settings.get("dataset", "unnamed")))

    @property
    def settings(self) -> dict[str, Any]:
        """The settings, with those that its version did not have yet."""
        return {**added_settings(self.kind.Config), **self.run.settings}

    @property
    def is_text(self) -> bool:
        """Whether it is of a text, and not of images."""
        return "val_perplexity" in self.run.metrics

    def recipe(self) -> dict[str, Any]:
        """Returns the settings that decide how a network is trained, and its data.

        Neither the seed nor the cells are among them, nor what changes the bits alone.
        """
        free = free_settings(self.kind.Config)
        settings = {
            name: self.settings.get(name, "not said")
            for name, field in settings_of(self.kind.Config).items()
            if name not in (*free, *_GENOTYPE_SETTINGS)
            and (name in _RECIPE_SETTINGS or known_of(field).group in _RECIPE_GROUPS)
        }
        data = {
            f"data: {name.replace('_', ' ')}": value
            for name, value in self.run.data.items()
            if name not in ("name", "class_names", "mean", "std")
        }
        return {**settings, **data}

    @property
    def genotype_setting(self) -> str:
        """What a user has given as the genotype to train."""
        return str(self.settings.get("genotype", ""))

    def hours_after_epochs(self, device_count: int) -> np.ndarray:
        """Returns the device hours after each epoch, NaN where one was not measured.

        Args:
            device_count: Number of devices, where the settings name none.

        Returns:
            Array of shape `(epochs,)`.
        """
        devices = len(self.settings.get("devices") or ()) or device_count
        return np.cumsum(self.run.metrics["seconds"]) * devices / SECONDS_PER_HOUR

    def hours(self, device_count: int) -> float | None:
        """Returns the device hours of all epochs, `None` where one was not measured.

        Args:
            device_count: Number of devices, where the settings name none.
        """
        hours = float(self.hours_after_epochs(device_count)[-1])
        return hours if math.isfinite(hours) else None


def names_of(runs: Sequence[FinishedRun]) -> list[str]:
    """Returns the name of each run's folder, or its path where several have one name.

    Args:
        runs: The runs.
    """
    counts = collections.Counter(run.name for run in runs)
    return [x.name if counts[x.name] == 1 else str(x.run.folder) for x in runs]


class FinishedSearch(FinishedRun):
    """A search that has ended; `run` is an `ArchitectureRun`."""

    run: ArchitectureRun

    @property
    def recommended_epoch(self) -> int:
        """The epoch whose genotype it recommends."""
        return recommended(self.run).epoch

    @property
    def genotype(self) -> SavedGenotype:
        """The genotype that it recommends."""
        return self.run.genotypes[self.recommended_epoch]

    @property
    def recommended_row(self) -> int:
        """The row of the metrics that this epoch has."""
        return [*map(int, self.run.metrics["epoch"])].index(self.recommended_epoch)

    @property
    def recommended_score(self) -> float:
        """The validation error in percent after this epoch, or the perplexity."""
        return self.validation_scores()[self.recommended_row]

    @property
    def cost_target(self) -> float | None:
        """The target for the cost of the derived network, or `None`."""
        return self.settings.get("cost_target")

    @property
    def derived_cost(self) -> float | None:
        """What the network of its genotype costs, where the search says so."""
        costs = self.run.metrics.get(DERIVED)
        return None if costs is None else _measured(float(costs[self.recommended_row]))

    @property
    def cost(self) -> SearchCost | None:
        """What it has cost, where its results say so."""
        return read_cost(self.run.folder)

    @property
    def method(self) -> str:
        """What its method is called, with the order of the gradient."""
        name = str(self.settings.get("method", "darts"))
        is_bilevel = self.settings.get("levels", 2) == 2
        order = self.settings.get("order") if is_bilevel else None
        return f"{name}, {order} order" if order else name

    @property
    def search_method(self) -> str:
        """Its method in the words of the published tables."""
        by_gradient = issubclass(self.kind.Config, MethodSettings)
        return "gradient-based" if by_gradient else self.method

    @property
    def space(self) -> SearchSpace:
        """The space that it began with."""
        return self.run.space

    @property
    def operations(self) -> int:
        """Number of operations to choose from, of which none is not counted."""
        names = {x for cell in self.space.cells for x in cell.all_operations}
        return len(names - {NONE})

    def validation_scores(self) -> list[float]:
        """Returns the validation error in percent after each epoch, or the perplexity.

        What was not measured is infinite.
        """
        metrics = self.run.metrics
        if self.is_text:
            scores = metrics["val_perplexity"]
        else:
            scores = [100 * (1 - accuracy) for accuracy in metrics["val_accuracy"]]
        return [math.inf if math.isnan(score) else score for score in scores]

    def found(self, training: FinishedRun) -> bool:
        """Whether a training is of a genotype of this search.

        Its settings name the folder; where that has moved, the cells are the same.

        Args:
            training: A `FinishedTraining`.
        """
        named = Path(training.genotype_setting)
        if named.exists():
            place = named.resolve()
            return self.run.folder.resolve() in (place, *place.parents)
        is_file = len(named.parts) > 1 or bool(named.suffix)
        return is_file and self._has(training.run.genotype)

    def _has(self, genotype):
        return genotype in self.run.genotypes.values()


class FinishedTraining(FinishedRun):
    """A training that has ended; `run` is a `TrainingRun` or a `LanguageRun`."""

    @property
    def error(self) -> float | None:
        """Error on the test images in percent, or perplexity of the test text.

        For images it is that after the last epoch: the best one would be chosen by the
        test images. It is `None` where it was not measured, as where other images than
        these were evaluated.
        """
        if self.is_text:
            return _measured(self.run.test_perplexity)
        return self._last_error("val_accuracy")

    @property
    def other_error(self) -> float | None:
        """Top-5 error in percent, or perplexity of the validation text."""
        if self.is_text:
            return _measured(self.run.metrics["val_perplexity"][self.run.best_row])
        return self._last_error("val_top_5_accuracy")

    def _last_error(self, column):
        """The error on the test images in percent by an accuracy after each epoch."""
        is_of_test = self.settings.get("evaluated") != OTHER_HALF
        if not is_of_test or column not in self.run.metrics:
            return None
        return _measured(100 * (1 - self.run.metrics[column][-1]))

    @property
    def cells(self) -> str:
        """What it is a training of, the same text for the same cells."""
        genotype = self.run.genotype
        return genotype.to_json() if genotype else self.genotype_setting

    def recipe(self) -> dict[str, Any]:
        recipe, name = super().recipe(), self.genotype_setting
        if self.is_text or not is_row(name):
            return recipe
        own = {k: v for k, v in _sizes_of_row(name).items() if recipe.get(k) is None}
        return {**recipe, **own}

    def group(self) -> str:
        """Returns a text that is the same for all trainings of one mean."""
        recipe = [self.dataset, self.kind.FORMAT, self.cells, self.recipe()]
        return json.dumps(recipe, sort_keys=True)

    def config(self) -> Settings:
        """Returns its configuration, whose values are checked again."""
        known = settings_of(self.kind.Config)
        settings = {k: v for k, v in self.run.settings.items() if k in known}
        return self.kind.Config(**settings)


def _measured(value: float) -> float | None:
    return value if math.isfinite(value) else None


@functools.cache
def _sizes_of_row(name: str) -> dict[str, Any]:
    """The sizes of a published network where the settings leave them to it."""
    network = get_row(name).build()
    names = {"layers": "num_cells", "init_channels": "init_channels"}
    sizes = {k: getattr(network, attribute, None) for k, attribute in names.items()}
    return {**sizes, "auxiliary": network.auxiliary}
