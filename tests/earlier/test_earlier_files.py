"""Runs and networks that earlier versions have left: they continue, and they load."""

import csv
import functools
import math
import shutil

import numpy as np
import pytest

from darts_tf.keras_file import load_model
from tests.earlier.write_files import (
    FOLDER,
    NETWORKS,
    RUNS,
    make_networks,
    outputs,
    write_inputs,
)

VERSIONS = sorted(path.name for path in FOLDER.iterdir() if (path / "search").is_dir())
_MEASURED = ("seconds", "peak_memory_gb", "images_per_second")


@functools.cache
def kinds():
    """Class of each network, by its name."""
    return {name: type(network) for name, network in make_networks().items()}


def read_table(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        {k: float(value) for k, value in row.items() if k not in _MEASURED}
        for row in rows
    ]


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize(
    "version",
    ["with_fingerprint", pytest.param("without_fingerprint", marks=pytest.mark.long)],
)
def test_a_run_continues(version, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_inputs(tmp_path)
    folder = shutil.copytree(FOLDER / version / name, tmp_path / name)
    whole = read_table(folder / "metrics_whole.csv")
    (folder / "metrics_whole.csv").unlink()
    begun = read_table(folder / "metrics.csv")
    kind, config = RUNS[name]
    kind(config).run(folder)
    first, second = read_table(folder / "metrics.csv")
    later = {column: first.pop(column) for column in first.keys() - begun[0].keys()}
    assert [first] == begun
    # Columns that are newer than the run have no number in its epochs.
    assert all(math.isnan(value) for value in later.values())
    second = {k: value for k, value in second.items() if k in first}
    # Another processor adds in another order.
    assert second == pytest.approx(whole[1], rel=1e-3)
    assert (folder / "report.html").exists()


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_network_loads(version, name):
    path = FOLDER / version / f"{name}.keras"
    network = load_model(path, kinds()[name], "a network")
    with np.load(FOLDER / version / "outputs.npz") as file:
        np.testing.assert_allclose(outputs(network), file[name], rtol=1e-4, atol=1e-5)
