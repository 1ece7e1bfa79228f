"""Importance of the operations that a search has mixed, by leaving each one out."""

import csv
import io
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf

from darts_tf.atomic_file import write_atomically
from darts_tf.distribution.runtime import configure_runtime
from darts_tf.errors import UserError
from darts_tf.experiments.architecture_experiment import ArchitectureExperiment
from darts_tf.experiments.kinds import kinds
from darts_tf.limits import MAX_COUNT
from darts_tf.method.importance import measure_on, without_each_operation
from darts_tf.report.edge_tables import edge_names
from darts_tf.report.figure_files import figure_to_png, figure_to_svg
from darts_tf.report.importance_figure import importance_maps
from darts_tf.run_layout import (
    CHECKPOINT_FOLDER,
    CONFIG_FILE,
    checkpoint_prefixes,
    importance_file,
)
from darts_tf.runs.checkpoint import EpochCheckpoint
from darts_tf.runs.run_config import read_config
from darts_tf.runs.run_folder import RunFolder
from darts_tf.runs.scores import Scores
from darts_tf.settings import (
    REQUIRED,
    Settings,
    added_settings,
    free_settings,
    setting,
    settings_of,
    values_of,
)
from darts_tf.space.search_space import SearchSpace


class ImportanceConfig(Settings):
    """Whose operations are left out, and how the rest is evaluated."""

    run: str = setting(REQUIRED, "Folder of a search. Required.", group="Files")
    batches: int | None = setting(
        10,
        "Validation batches on which each operation is left out, the first ones; None "
        "for all.",
        group="Evaluation",
        least=1,
        most=MAX_COUNT,
    )


@dataclass(frozen=True)
class Importance:
    """What a search network loses without each of its operations.

    Attributes:
        epoch: The epoch after which it was measured, counted from 1.
        space: The `SearchSpace`.
        whole: What the whole network reaches, by name of the measure: the loss, and of
            images the accuracy.
        strengths: By kind of cell how strong alpha says that the operations are, shape
            `(edges, operations)`.
        without: By kind of cell and measure what is reached without each operation, of
            the same shape.
    """

    epoch: int
    space: SearchSpace
    whole: Mapping[str, float]
    strengths: Mapping[str, np.ndarray]
    without: Mapping[str, Mapping[str, np.ndarray]]

    @property
    def measure(self) -> str:
        """Name of the measure that says how important an operation is."""
        return "accuracy" if "accuracy" in self.whole else "loss"

    def losses(self, kind: str) -> np.ndarray:
        """Returns what is lost without each operation of a kind of cell.

        The accuracy that is missing, or the loss that is added.
        """
        sign = 1 if self.measure == "accuracy" else -1
        without = self.without[kind][self.measure]
        return sign * (self.whole[self.measure] - without)

    def agreement(self, kind: str) -> float:
        """Share of the edges on which the strongest operation is the most missed."""
        same = self.strengths[kind].argmax(axis=1) == self.losses(kind).argmax(axis=1)
        return float(same.mean())

    def most_missed(self, kind: str) -> tuple[str, str]:
        """Names the operation that alpha prefers most, and the one most missed.

        Args:
            kind: Kind of cell.
        """
        return tuple(
            self._name(kind, *np.unravel_index(values.argmax(), values.shape))
            for values in (self.strengths[kind], self.losses(kind))
        )

    def _name(self, kind, row, column):
        space = self.space.of(kind)
        return f"{space.operations_of(row)[column]} on {edge_names(space)[row]}"


def importance_of_run(config: ImportanceConfig) -> tuple[Importance, list[Path]]:
    """Measures the importance of the operations of a search, and writes it there.

    Args:
        config: The settings.

    Returns:
        Tuple of the `Importance` and of what `write_importance` returns.

    Raises:
        UserError: If the folder holds no search, or none with a finished epoch, or its
            data are not there.
    """
    folder = Path(config.run)
    searched = SearchedModel(folder)
    configure_runtime(searched.config)
    searched.open()
    found = measure_importance(searched, config.batches)
    return found, write_importance(found, folder)


class SearchedModel:
    """The model of a search as its last checkpoint holds it, and its data.

    Args:
        folder: Folder of the search.

    Attributes:
        config: Its settings.
        epoch: The epoch of the checkpoint, counted from 1.
        model: The model.
        data: The data.

    Raises:
        UserError: If there is no such search, it has no checkpoint, or its data are
            not there.
    """

    def __init__(self, folder: Path):
        self._folder = folder
        stored = read_config(folder)
        self._kind = kinds().get(stored["format"])
        if not issubclass(self._kind or object, ArchitectureExperiment):
            raise UserError(
                f"`run`={folder} is no search: its {CONFIG_FILE} is of "
                f"{stored['format']!r}."
            )
        if not checkpoint_prefixes(folder / CHECKPOINT_FOLDER):
            raise UserError(
                f"`run`={folder} has no checkpoint; one is there after the first epoch."
            )
        known = settings_of(self._kind.Config)
        settings = {k: v for k, v in stored["settings"].items() if k in known}
        # A run of an earlier version is continued as it was begun.
        self.config = self._kind.Config(**added_settings(self._kind.Config) | settings)

    def open(self) -> None:
        """Builds the model, opens the data and restores the checkpoint."""
        experiment = self._kind(self.config)
        experiment.prepare()
        self.data = experiment.data = experiment.Data(self.config)
        free = free_settings(self.config)
        run_folder = RunFolder(self._folder, experiment.FORMAT, free)
        run_folder.check(values_of(self.config), None, self.data.fingerprint())
        experiment.path = self._folder
        experiment.model = experiment.make_model()
        checkpoint = EpochCheckpoint(
            self._folder / CHECKPOINT_FOLDER,
            experiment.state_variables,
            Scores(*experiment.SCORE),
        )
        self.epoch = checkpoint.restore()
        self.model = experiment.model


def measure_importance(searched: SearchedModel, batches: int | None) -> Importance:
    """Leaves each operation of a search out, and measures what is lost.

    Args:
        searched: The search, opened.
        batches: Number of validation batches, or `None` for all.
    """
    model = searched.model
    validation = list(itertools.islice(searched.data.validation_batches(), batches))
    coefficients = tf.nest.map_structure(np.asarray, model.network.coefficients())
    measure = measure_on(model.traced_measured, validation)
    return Importance(
        searched.epoch,
        model.network.space,
        measure(coefficients),
        model.network.architecture.strengths(),
        without_each_operation(measure, coefficients),
    )


def write_importance(found: Importance, folder: Path) -> list[Path]:
    """Writes a table and, for each kind of cell, pictures into the folder of a search.

    Args:
        found: The `Importance`.
        folder: The folder.

    Returns:
        The paths, the table first.
    """
    paths = [folder / importance_file("operations.csv")]
    write_atomically(paths[0], _table(found))
    for kind, strengths in found.strengths.items():
        figure = importance_maps(
            strengths, found.losses(kind), found.space.of(kind), found.measure
        )
        for suffix, to_bytes in (("svg", figure_to_svg), ("png", figure_to_png)):
            paths.append(folder / importance_file(f"{kind}.{suffix}"))
            write_atomically(paths[-1], to_bytes(figure))
    return paths


def _table(found):
    text = io.StringIO()
    rows = list(_rows(found))
    writer = csv.DictWriter(text, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _rows(found):
    for kind, strengths in found.strengths.items():
        space, lost = found.space.of(kind), found.losses(kind)
        for row, column in np.ndindex(strengths.shape):
            node, source = space.edges[row]
            yield {
                "cell": kind,
                "node": node,
                "source": source,
                "operation": space.operations_of(row)[column],
                "strength": strengths[row, column],
                "lost": lost[row, column],
                **{
                    f"{name}_without": values[row, column]
                    for name, values in found.without[kind].items()
                },
            }
