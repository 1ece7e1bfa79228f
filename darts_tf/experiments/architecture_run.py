"""The folder that a search of cells leaves, read back as data."""

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.method.history import UNDECIDED, SearchedEpoch
from darts_tf.method.relaxations import softmax
from darts_tf.method.stops import Stop, stop_of
from darts_tf.run_layout import (
    BEST_GENOTYPE_FILE,
    CONFIG_FILE,
    LATEST_GENOTYPE_FILE,
    genotype_files,
)
from darts_tf.runs import run_files, stage_spaces
from darts_tf.runs.run_config import damaged
from darts_tf.space.search_space import SearchSpace


@dataclass(frozen=True)
class ArchitectureRun(run_files.Run):
    """What a search has written so far, beside what every run writes.

    Attributes:
        space: The `SearchSpace`.
        alphas: By epoch a dictionary of the raw alpha of each kind of cell, shape
            `(edges, operations)`.
        strengths: The same of the strengths of the operations.
        genotypes: By epoch the genotype.
        best: The genotype of the best epoch.
        latest: The genotype of the last epoch.
        stages: The spaces of stages by their first epochs, where the search has any.
    """

    space: SearchSpace
    alphas: Mapping[int, Mapping[str, np.ndarray]]
    strengths: Mapping[int, Mapping[str, np.ndarray]]
    genotypes: Mapping[int, SavedGenotype]
    best: SavedGenotype
    latest: SavedGenotype
    stages: Mapping[int, SearchSpace] = field(default_factory=dict)

    def space_after(self, epoch: int) -> SearchSpace:
        """Returns the space that the alpha of an epoch is of."""
        return stage_spaces.space_after(epoch, self.space, self.stages)

    @property
    def stop(self) -> Stop | None:
        """The `Stop` of the search, as far as its settings tell."""
        return stop_of(
            self.settings.get("stop") or (),
            decides=UNDECIDED in self.metrics,
            by_eigenvalue=self.settings.get("eigenvalue") == "stop",
        )

    @property
    def kept_by_stop(self) -> int | None:
        """The epoch whose genotype counts, if the stop has ended the search."""
        if self.stop is None or not self.history:
            return None
        return self.stop.kept_epoch(self.history)

    @property
    def history(self) -> list[SearchedEpoch]:
        """The epochs whose genotype and alpha are there, in order."""
        rows = {int(epoch): row for row, epoch in enumerate(self.metrics["epoch"])}
        return [
            SearchedEpoch(
                epoch,
                self.genotypes[epoch],
                self.alphas[epoch],
                {name: column[row] for name, column in self.metrics.items()},
            )
            for epoch, row in rows.items()
            if epoch in self.genotypes and epoch in self.alphas
        ]


def read_architecture_run(
    run_folder: str | os.PathLike,
    config_format: str,
    columns: Collection[str],
    genotype: type[SavedGenotype],
    operations_setting: str,
    make_space: Callable[[Sequence[str], int], SearchSpace],
) -> dict:
    """Reads the folder of a search, finished or not.

    Args:
        run_folder: The folder, with at least one epoch in it.
        config_format: The format that the configuration must name.
        columns: The columns that the metrics must have.
        genotype: The class of the genotypes.
        operations_setting: Name of the setting that lists the operations.
        make_space: Function of the operations and the number of nodes.

    Returns:
        The arguments of `ArchitectureRun`; the setting of the operations is a tuple.

    Raises:
        RunFolderError: If a file is missing or damaged; the message names it.
    """
    folder = Path(run_folder)
    run = run_files.read_run(folder, config_format, columns)
    operations = run_files.primitive_names(run, operations_setting)
    run["settings"][operations_setting] = operations
    best, latest = (
        run_files.read_genotype(genotype, folder / name, operations)
        for name in (BEST_GENOTYPE_FILE, LATEST_GENOTYPE_FILE)
    )
    num_nodes = max(len(cell.nodes) for cell in latest.cells.values())
    try:
        space = make_space(operations, num_nodes)
    except ValueError as error:
        expected = f'"{operations_setting}" of a search space, in "settings"'
        raise damaged(folder / CONFIG_FILE, expected, f"an error: {error}") from error
    stages = stage_spaces.read_stage_spaces(folder, space)
    genotypes = {
        epoch: run_files.read_genotype(genotype, path, operations)
        for epoch, path in genotype_files(folder).items()
    }
    alphas, strengths = run_files.read_alphas(
        folder, lambda epoch: stage_spaces.space_after(epoch, space, stages)
    )
    return {
        **run,
        "space": space,
        "alphas": alphas,
        "strengths": _strengths(alphas, strengths),
        "genotypes": genotypes,
        "best": best,
        "latest": latest,
        "stages": stages,
    }


def _strengths(alphas, saved):
    """The strengths that were saved, and otherwise those of DARTS."""
    return {
        epoch: {k: saved[epoch].get(k, softmax(alpha)) for k, alpha in of_kinds.items()}
        for epoch, of_kinds in alphas.items()
    }
