"""The folder that a search leaves, read back as data."""

import csv
import itertools
import json
import os
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from darts_tf.derivation import derive_cell
from darts_tf.errors import UserError
from darts_tf.genotype import BEST_GENOTYPE_FILE, Edge, Genotype

CELLS = ("normal", "reduce")
CONFIG_FORMAT = "darts_tf.search"
CONFIG_VERSION = 1
LATEST_GENOTYPE_FILE = "genotype_latest.json"
COLUMNS = (
    "epoch",
    "step",
    "learning_rate",
    "loss",
    "accuracy",
    "arch_loss",
    "arch_accuracy",
    "val_loss",
    "val_accuracy",
    "gradient_norm",
    "arch_gradient_norm",
    "entropy_normal",
    "entropy_reduce",
    "skip_connect_normal",
    "skip_connect_reduce",
    "seconds",
    "peak_memory_gb",
)

_CONFIG_FIELDS = {
    "settings": dict,
    "data": dict,
    "versions": dict,
    "num_weights": int,
    "command": str,
}


class RunFolderError(UserError):
    """A file of a run folder is missing or damaged; the message is one line."""


@dataclass(frozen=True)
class SearchRun:
    """What a search has written so far.

    Attributes:
        folder: The run folder.
        settings: Every setting by name; `primitives` is a tuple of names.
        data: Name, sizes and classes of the data.
        versions: Version of each library by name.
        num_weights: Number of the search network's weights.
        command: The command line that started the search.
        metrics: Columns of the metrics table by name, one float an epoch; a value
            that was not measured is NaN.
        alphas: By epoch a dictionary of the raw alpha of the `normal` and the `reduce`
            cell, shape `(edges, primitives)`.
        best: `Genotype` of the epoch with the highest validation accuracy.
        latest: `Genotype` of the last epoch.
    """

    folder: Path
    settings: Mapping[str, Any]
    data: Mapping[str, Any]
    versions: Mapping[str, str]
    num_weights: int
    command: str
    metrics: Mapping[str, tuple[float, ...]]
    alphas: Mapping[int, Mapping[str, np.ndarray]]
    best: Genotype
    latest: Genotype

    @property
    def best_row(self) -> int:
        """Row of the metrics with the highest validation accuracy, the first one."""
        accuracies = np.nan_to_num(self.metrics["val_accuracy"], nan=-np.inf)
        return int(np.argmax(accuracies))


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
    if not folder.is_dir():
        raise RunFolderError(f"Expected the folder of a search. Received: {folder}")
    config = _read_config(folder / "config.json")
    primitives = config["settings"]["primitives"]
    return SearchRun(
        folder=folder,
        metrics=_read_metrics(folder / "metrics.csv"),
        alphas=_read_alphas(folder / "alphas", primitives),
        best=_read_genotype(folder / BEST_GENOTYPE_FILE, primitives),
        latest=_read_genotype(folder / LATEST_GENOTYPE_FILE, primitives),
        **config,
    )


def _damaged(path, expected, received):
    return RunFolderError(f"{path} is damaged: expected {expected}, found {received}.")


def _read_text(path):
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise _damaged(path, "text in UTF-8", f"another encoding ({error})") from error
    except OSError as error:
        reason = error.strerror or error
        raise RunFolderError(
            f"{path} cannot be read ({reason}): expected the folder of a search with "
            "at least one finished epoch."
        ) from error


def _read_config(path):
    try:
        config = json.loads(_read_text(path))
    except json.JSONDecodeError as error:
        raise _damaged(path, "JSON", f"an error: {error}") from error
    if not isinstance(config, dict) or config.get("format") != CONFIG_FORMAT:
        raise _damaged(path, f'"format": "{CONFIG_FORMAT}"', "another format")
    if config.get("version") != CONFIG_VERSION:
        raise _damaged(path, f'"version": {CONFIG_VERSION}', config.get("version"))
    for name, kind in _CONFIG_FIELDS.items():
        if not isinstance(config.get(name), kind):
            found = repr(config.get(name))[:80]
            raise _damaged(path, f'"{name}" of type {kind.__name__}', found)
    config = {name: config[name] for name in _CONFIG_FIELDS}
    primitives = config["settings"].get("primitives")
    if isinstance(primitives, str):
        primitives = [name.strip() for name in primitives.split(",")]
    try:
        names = tuple(Edge(name, source=0).primitive for name in primitives)
    except (TypeError, ValueError) as error:
        expected = '"primitives", a list of names, in "settings"'
        raise _damaged(path, expected, repr(primitives)[:80]) from error
    config["settings"]["primitives"] = names
    return config


def _read_metrics(path):
    rows = list(csv.reader(_read_text(path).splitlines()))
    if len(rows) < 2:
        raise _damaged(path, "a header and a row for each epoch", f"{len(rows)} rows")
    header = rows[0]
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise _damaged(path, f"the columns {', '.join(missing)}", ", ".join(header))
    table = []
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            found = f"{len(row)} in line {number}"
            raise _damaged(path, f"{len(header)} values", found)
        try:
            table.append([float(text) if text.strip() else np.nan for text in row])
        except ValueError as error:
            raise _damaged(path, f"numbers in line {number}", error) from error
    metrics = dict(zip(header, zip(*table)))
    epochs = metrics["epoch"]
    if not all(later > earlier for earlier, later in itertools.pairwise(epochs)):
        raise _damaged(path, "rising epochs", ", ".join(f"{e:g}" for e in epochs))
    return metrics


def _read_alphas(folder, primitives):
    alphas = {}
    for path in sorted(folder.glob("epoch_*.npz")):
        digits = re.fullmatch(r"epoch_(\d+)", path.stem)
        if digits:
            alphas[int(digits[1])] = _read_alpha(path, primitives)
    if not alphas:
        raise RunFolderError(f"{folder} holds no alpha: expected epoch_001.npz, ...")
    for name in CELLS:
        shapes = {alpha[name].shape for alpha in alphas.values()}
        if len(shapes) > 1:
            raise _damaged(folder, f'"{name}" of one shape', sorted(shapes))
    return alphas


def _read_alpha(path, primitives):
    try:
        with np.load(path, allow_pickle=False) as file:
            alpha = {name: file[name] for name in CELLS}
        for values in alpha.values():
            derive_cell(values, primitives)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        expected = 'alpha of both cells, "normal" and "reduce"'
        raise _damaged(path, expected, f"an error: {error}") from error
    return alpha


def _read_genotype(path, primitives):
    text = _read_text(path)
    try:
        genotype = Genotype.from_json(text)
    except ValueError as error:
        raise _damaged(path, "a genotype", f"an error: {error}") from error
    cells = (genotype.normal, genotype.reduce)
    used = {edge.primitive for cell in cells for node in cell.nodes for edge in node}
    if not used.issubset(primitives):
        unknown = ", ".join(sorted(used.difference(primitives)))
        raise _damaged(path, "the primitives of config.json", unknown)
    return genotype
