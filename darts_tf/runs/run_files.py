"""Reads the files of run folders, whatever the run was."""

import csv
import itertools
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import numpy as np

from darts_tf.genotype.cell import Edge
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.run_layout import (
    ALPHA_FOLDER,
    CONFIG_FILE,
    METRICS_FILE,
    alpha_file,
    alpha_files,
    strengths_name,
)
from darts_tf.runs.run_config import (
    RunFolderError,
    damaged,
    read_config,
    read_text,
)
from darts_tf.space.coefficients import finite_array
from darts_tf.space.search_space import SearchSpace

_Genotype = TypeVar("_Genotype", bound=SavedGenotype)


@dataclass(frozen=True)
class Run:
    """What every run has written so far.

    Attributes:
        folder: The run folder.
        settings: Every setting by name.
        data: Name, sizes and the like of the data.
        versions: Version of each library by name.
        num_weights: Number of the network's weights.
        command: The command line that started the run.
        metrics: Columns of the metrics table by name, one float an epoch; a value
            that was not measured is NaN.
        SCORE: Column that decides which epoch is the best, and `max` or `min`.
        UNIT: What a row of the metrics is called, and the number in column `epoch`.
    """

    SCORE: ClassVar[tuple[str, Callable]]
    UNIT: ClassVar[str] = "epoch"

    folder: Path
    settings: Mapping[str, Any]
    data: Mapping[str, Any]
    versions: Mapping[str, str]
    num_weights: int
    command: str
    metrics: Mapping[str, tuple[float, ...]]

    @property
    def best_row(self) -> int:
        """Row of the metrics of the best epoch, the first of equals; NaN is worst."""
        return int(np.argmax(self._ascending_scores()))

    def best_of(self, epochs: Collection[int]) -> int:
        """Returns the best one of some epochs, the first of equals.

        Args:
            epochs: Their numbers, at least one.
        """
        scores = dict(zip(self.metrics["epoch"], self._ascending_scores()))
        return max(sorted(epochs), key=scores.__getitem__)

    def _ascending_scores(self):
        column, best = self.SCORE
        values = np.asarray(self.metrics[column])
        return np.nan_to_num(values if best is max else -values, nan=-np.inf)


def read_run(
    folder: Path, format: str, columns: Collection[str], **fields: type
) -> dict:
    """Reads the configuration and the metrics of a run, finished or not.

    Args:
        folder: The run folder, with at least one epoch in it.
        format: The format that the configuration must name.
        columns: The columns that the metrics must have.
        **fields: Type of each entry that the configuration has beside the usual.

    Returns:
        A dictionary with the attributes of `Run` and with `fields`.

    Raises:
        RunFolderError: If a file is missing or damaged; the message names it.
    """
    if not folder.is_dir():
        raise RunFolderError(f"Expected the folder of a run. Received: {folder}")
    config = read_config(folder, format, **fields)
    metrics = _read_metrics(folder / METRICS_FILE, columns)
    names = ("settings", "data", "versions", "num_weights", "command", *fields)
    return {
        "folder": folder,
        "metrics": metrics,
        **{name: config[name] for name in names},
    }


def read_training(
    folder: Path, format: str, columns: Collection[str], genotype: type[SavedGenotype]
) -> dict:
    """Reads what `read_run` reads, and the cells that were trained, a `genotype`."""
    run = read_run(folder, format, columns, genotype=dict)
    text = json.dumps(run["genotype"])
    return {**run, "genotype": parse_genotype(genotype, folder / CONFIG_FILE, text)}


def read_arrays(
    path: Path, names: Collection[str], optional: Collection[str] = ()
) -> dict[str, np.ndarray]:
    """Returns arrays of these names from an `.npz` file, and of others that it has."""
    try:
        with np.load(path, allow_pickle=False) as file:
            others = (name for name in optional if name in file)
            return {name: file[name] for name in (*names, *others)}
    except Exception as error:  # a damaged file may raise anything
        expected = f"the arrays {', '.join(names)}"
        raise damaged(path, expected, f"an error: {error}") from error


def primitive_names(run: Mapping[str, Any], setting: str) -> tuple[str, ...]:
    """Returns the setting that lists the primitives, be it one string or a list."""
    names = run["settings"].get(setting)
    if isinstance(names, str):
        names = [name.strip() for name in names.split(",")]
    try:
        return tuple(Edge(name, source=0).primitive for name in names)
    except (TypeError, ValueError) as error:
        expected = f'"{setting}", a list of names, in "settings"'
        path = run["folder"] / CONFIG_FILE
        raise damaged(path, expected, repr(names)[:80]) from error


def read_alphas(
    folder: Path, space_after: Callable[[int], SearchSpace]
) -> tuple[dict[int, dict[str, np.ndarray]], dict[int, dict[str, np.ndarray]]]:
    """Reads the files of alpha of a search.

    Args:
        folder: The run folder.
        space_after: Function of an epoch, counted from 1, that returns the space of the
            search then, whose kinds of cells are the names of the arrays in its file.

    Returns:
        Tuple of a dictionary, by epoch, of the raw alpha of each kind of cell, and of
        one of the strengths of the operations, which are there where they do not follow
        from alpha as in DARTS.
    """
    alphas, strengths = {}, {}
    for epoch, path in alpha_files(folder).items():
        shapes = space_after(epoch).alpha_shapes()
        names = {kind: strengths_name(kind) for kind in shapes}
        arrays = read_arrays(path, shapes, optional=names.values())
        for kind, shape in shapes.items():
            for name in (kind, names[kind]):
                try:
                    finite_array("alpha", arrays.get(name, arrays[kind]), shape)
                except ValueError as error:
                    raise damaged(path, "alpha", f"an error: {error}") from error
        alphas[epoch] = {kind: arrays[kind] for kind in shapes}
        strengths[epoch] = {k: arrays[n] for k, n in names.items() if n in arrays}
    if not alphas:
        first = Path(alpha_file(1)).name
        raise RunFolderError(
            f"{folder / ALPHA_FOLDER} holds no alpha: expected {first}, ..."
        )
    return alphas, strengths


def parse_genotype(kind: type[_Genotype], path: Path, text: str) -> _Genotype:
    """Returns the genotype that stands in a file as `text`."""
    try:
        return kind.from_json(text)
    except ValueError as error:
        raise damaged(path, "a genotype", f"an error: {error}") from error


def read_genotype(
    kind: type[_Genotype], path: Path, primitives: Collection[str]
) -> _Genotype:
    """Reads a genotype of a run whose search knew these primitives."""
    genotype = parse_genotype(kind, path, read_text(path))
    unknown = genotype.primitives.difference(primitives)
    if unknown:
        expected = f"the primitives of {CONFIG_FILE}"
        raise damaged(path, expected, ", ".join(sorted(unknown)))
    return genotype


def _read_metrics(path, columns):
    try:
        rows = list(csv.reader(read_text(path).splitlines()))
    except csv.Error as error:
        raise damaged(path, "comma-separated values", error) from error
    if len(rows) < 2:
        raise damaged(path, "a header and a row for each epoch", f"{len(rows)} rows")
    header = rows[0]
    missing = [name for name in columns if name not in header]
    if missing:
        raise damaged(path, f"the columns {', '.join(missing)}", ", ".join(header))
    table = []
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            found = f"{len(row)} in line {number}"
            raise damaged(path, f"{len(header)} values", found)
        try:
            table.append([float(text) if text.strip() else np.nan for text in row])
        except ValueError as error:
            raise damaged(path, f"numbers in line {number}", error) from error
    metrics = dict(zip(header, zip(*table)))
    epochs = metrics["epoch"]
    rises = all(later > earlier for earlier, later in itertools.pairwise(epochs))
    if not rises or not np.isfinite(epochs).all():
        raise damaged(path, "rising epochs", ", ".join(f"{e:g}" for e in epochs))
    return metrics
