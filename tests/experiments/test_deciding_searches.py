"""Runs of searches that decide for good: their tables, results, and how they go on."""

import csv
import json
import shutil

import pytest

from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.experiments.convolutional_search.experiment import ConvolutionalSearch
from darts_tf.experiments.convolutional_search.results import read_run
from darts_tf.experiments.kept_epochs import recommended
from darts_tf.experiments.recurrent_search.config import RecurrentSearchConfig
from darts_tf.experiments.recurrent_search.experiment import RecurrentSearch
from darts_tf.experiments.recurrent_search.results import read_recurrent_run
from darts_tf.tasks.configuration import configured
from tests.language_texts import write_texts
from tests.long_cases import with_long
from tests.trainers.trainer_process import variables

pytestmark = pytest.mark.usefixtures("shared_edges")

TINY = {
    "dataset": "digits",
    "layers": 1,
    "init_channels": 2,
    "nodes": 2,
    "batch_size": 16,
    "steps_per_epoch": 2,
    "validation_steps": 1,
    "primitives": ("skip_connect", "sep_conv_3x3"),
    "eigenvalue": "off",
}
# With the number of epochs that it takes. ASAP's threshold leaves the strongest alone.
METHODS = {
    "darts_pt": ({"epochs": 1, "projection_epochs": 1}, 7),
    "asap": ({"epochs": 9, "pruning_grace": 2, "pruning_threshold": 1.0}, 3),
    "oles": ({"epochs": 3, "freezing_steps": 1, "freezing_threshold": 0.9}, 3),
}


def _table(folder):
    with open(folder / "metrics.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        {k: v for k, v in row.items() if k not in ("seconds", "peak_memory_gb")}
        for row in rows
    ]


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Function of a method that returns its configuration, folder and epochs."""
    found = {}

    def run(method):
        if method not in found:
            settings, epochs = METHODS[method]
            config = configured(SearchConfig(), method=method, **TINY, **settings)
            folder = tmp_path_factory.mktemp(method) / "run"
            found[method] = config, ConvolutionalSearch(config).run(folder), epochs
        return found[method]

    return run


@pytest.mark.long
def test_what_is_undecided_is_in_the_table(runs):
    for method, counts in (
        ("darts_pt", [12, 10, 8, 6, 4, 2, 0]),
        ("asap", [10, 10, 0]),
    ):
        _, folder, _ = runs(method)
        assert [int(row["undecided"]) for row in _table(folder)] == counts
        report = (folder / "report.html").read_text()
        assert 'aria-label="Decisions still to be made for good"' in report
        assert "that are frozen" not in report


@pytest.mark.parametrize("method", ["darts_pt", "asap"])
def test_the_last_genotype_is_kept(runs, method):
    _, folder, epochs = runs(method)
    run = read_run(folder)
    assert recommended(run).epoch == run.kept_by_stop == epochs
    results = json.loads((folder / "results.json").read_text())
    assert results["recommended_epoch"] == epochs
    assert "kept by the stop" in results["reason"]
    of_all = "" if method == "darts_pt" else " of 9"
    assert f"{epochs}{of_all} epochs done" in (folder / "report.html").read_text()


def test_frozen_operations_are_in_the_table(runs):
    _, folder, _ = runs("oles")
    counts = [int(row["frozen_operations"]) for row in _table(folder)]
    assert counts == sorted(counts) and counts[-1] > 0
    assert read_run(folder).kept_by_stop is None
    report = (folder / "report.html").read_text()
    assert 'aria-label="Operations of all cells that are frozen"' in report
    assert "Decisions still to be made" not in report


@pytest.mark.parametrize("method", with_long(METHODS, ["asap"]))
def test_continued_run_is_the_same(runs, method, tmp_path):
    config, folder, epochs = runs(method)
    assert len(_table(folder)) == epochs
    check_continued(ConvolutionalSearch, config, folder, tmp_path / "run")


def check_continued(kind, config, folder, cut):
    """One that was cut off in its last epoch, and one that is done."""
    shutil.copytree(folder, cut)
    epochs = len(_table(folder))
    for file in (cut / "checkpoints").glob(f"epoch_{epochs:04d}*"):
        file.unlink()
    for _ in range(2):
        kind(config).run(cut)
        assert _table(cut) == _table(folder)
    expected, found = (variables(path, epochs) for path in (folder, cut))
    assert expected.keys() == found.keys()
    for name, value in expected.items():
        assert (value == found[name]).all(), name
    assert (cut / "genotype_latest.json").read_bytes() == (
        folder / "genotype_latest.json"
    ).read_bytes()


def test_projection_is_of_one_machine(monkeypatch):
    """Evaluations of several might differ, and with them the decisions."""
    workers = {"cluster": {"worker": ["a:1", "b:1"]}, "task": {"type": "worker"}}
    workers["task"]["index"] = 0
    monkeypatch.setenv("TF_CONFIG", json.dumps(workers))
    config = configured(SearchConfig(), method="darts_pt", **TINY)
    with pytest.raises(UserError, match="TF_CONFIG names 2"):
        ConvolutionalSearch(config).check_replicas(2)
    for settings in ({"strategy": "mirrored"}, {"projection": "none"}):
        other = configured(config, **settings)
        ConvolutionalSearch(other).check_replicas(2)


@pytest.mark.long
def test_pruned_recurrent_search(tmp_path):
    """Every edge ends with one activation, and the search with that."""
    config = configured(
        RecurrentSearchConfig(),
        method="asap",
        dataset="ptb",
        data_dir=str(write_texts(tmp_path / "texts")),
        order="first",
        nodes=2,
        hidden_size=8,
        batch_size=4,
        valid_batch_size=2,
        sequence_length=6,
        steps_per_epoch=2,
        epochs=5,
        pruning_grace=1,
        pruning_threshold=1.0,
        eigenvalue="off",
    )
    folder = RecurrentSearch(config).run(tmp_path / "run")
    counts = [int(row["undecided"]) for row in _table(folder)]
    assert counts[0] == 3 and counts[-1] == 0 and counts == sorted(counts)[::-1]
    assert recommended(read_recurrent_run(folder)).epoch == len(counts) < 6
    check_continued(RecurrentSearch, config, folder, tmp_path / "cut")
