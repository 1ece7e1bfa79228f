"""The folder that a search of convolutional cells leaves, read back as data."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from darts_tf.errors import shortened
from darts_tf.experiments.architecture_run import ArchitectureRun, read_architecture_run
from darts_tf.experiments.space_settings import DARTS_SPACE, registered_space
from darts_tf.genotype.cells_genotype import ImageGenotype
from darts_tf.run_layout import CONFIG_FILE
from darts_tf.runs.metrics_table import columns_of_run
from darts_tf.runs.run_config import damaged, read_config

CONFIG_FORMAT = "darts_tf.search"
TABLE_COLUMNS = ("table_valid", "table_test", "table_rank")


def columns_for(kinds: Sequence[str], has_table: bool = False) -> list[str]:
    """Returns the columns of the metrics of a search.

    Args:
        kinds: The kinds of cells of its space.
        has_table: Whether its cells are looked up in a table.
    """
    return columns_of_run(
        "loss",
        "accuracy",
        "arch_loss",
        "arch_accuracy",
        "val_loss",
        "val_accuracy",
        "gradient_norm",
        "arch_gradient_norm",
        *(f"entropy_{kind}" for kind in kinds),
        *(f"skip_connect_{kind}" for kind in kinds),
        *(TABLE_COLUMNS if has_table else ()),
    )


COLUMNS = columns_for(("normal", "reduce"))


@dataclass(frozen=True)
class SearchRun(ArchitectureRun):
    """What a search has written so far; its best epoch is the most accurate one.

    It has the attributes of `ArchitectureRun`. The genotypes are each a `Genotype`, or
    in a space of other kinds of cells a `CellsGenotype`, and `settings["primitives"]`
    is a tuple of names.
    """

    SCORE = ("val_accuracy", max)


def read_run(run_folder: str | os.PathLike) -> SearchRun:
    """Reads the folder of a search, finished or not.

    Args:
        run_folder: The folder, with at least one epoch in it.

    Returns:
        The `SearchRun`.

    Raises:
        RunFolderError: If a file is missing or damaged; the message names it.
    """
    folder = Path(run_folder)
    config = read_config(folder, CONFIG_FORMAT)
    settings = config["settings"]
    named = _named_space(folder, settings)

    def make_space(primitives, num_nodes):
        return named.search_space(num_nodes, primitives)

    kinds = make_space(named.primitives, 1).kinds
    run = read_architecture_run(
        folder,
        CONFIG_FORMAT,
        columns_for(kinds, settings.get("table") is not None),
        ImageGenotype,
        "primitives",
        make_space,
    )
    return SearchRun(**run)


def _named_space(folder, settings):
    name = settings.get("space", DARTS_SPACE)
    named = registered_space(name)
    if named is None:
        expected = '"space", the name of a space that is registered, in "settings"'
        raise damaged(folder / CONFIG_FILE, expected, shortened(name))
    return named
