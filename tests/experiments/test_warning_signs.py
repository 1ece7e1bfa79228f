import dataclasses
import math

import pytest

from darts_tf.experiments.convolutional_search.results import read_run
from darts_tf.experiments.recurrent_search.results import read_recurrent_run
from darts_tf.experiments.warning_signs import warning_signs
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.method.selections import AboveThreshold
from tests.experiments.synthetic_run import write_run
from tests.experiments.synthetic_text_runs import write_recurrent_search


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return read_run(write_run(tmp_path_factory.mktemp("run"), 1, num_nodes=1))


def _warnings(run, num_epochs=20, **columns):
    metrics = {
        "epoch": [float(epoch) for epoch in range(1, num_epochs + 1)],
        "accuracy": [0.5] * num_epochs,
        "val_accuracy": [0.5] * num_epochs,
        "entropy_normal": [1.5] * num_epochs,
        "entropy_reduce": [1.5] * num_epochs,
        "skip_connect_normal": [2.0] * num_epochs,
        "skip_connect_reduce": [8.0] * num_epochs,
    }
    for name, last in columns.items():
        metrics[name] = metrics[name][: -len(last)] + last
    return warning_signs(dataclasses.replace(run, metrics=metrics))


def test_a_healthy_search_has_none(run):
    assert _warnings(run) == []


@pytest.mark.parametrize(
    "sign, columns",
    [
        ("Skip connections", {"skip_connect_normal": [3.0]}),
        ("drift apart", {"accuracy": [0.62, 0.63, 0.64]}),
        ("has fallen", {"val_accuracy": [0.49, 0.48, 0.47]}),
        ("hardly moved", {"entropy_normal": [2.07], "entropy_reduce": [2.07]}),
        ("Only 14 epochs", {"num_epochs": 14}),
        ("Only 1 epoch done", {"num_epochs": 1}),
    ],
)
def test_each_sign_gives_one_warning(run, sign, columns):
    num_epochs = columns.pop("num_epochs", 20)
    (warning,) = _warnings(run, num_epochs, **columns)
    assert sign in warning


@pytest.mark.parametrize(
    "columns",
    [
        {"skip_connect_normal": [5.0, 2.0]},
        {"accuracy": [0.65] * 20},
        {"accuracy": [0.59]},
        {"val_accuracy": [0.48, 0.49, 0.47]},
        {"val_accuracy": [0.49, 0.48]},
        {"entropy_normal": [2.05], "entropy_reduce": [2.07]},
        {"val_accuracy": [math.nan] * 20},
    ],
)
def test_below_the_thresholds_there_is_none(run, columns):
    assert _warnings(run, **columns) == []


@pytest.mark.parametrize("operations_per_edge", [1, 2])
def test_cells_that_no_operation_is_strong_enough_for(run, operations_per_edge):
    strengths = run.strengths[1]
    # As strong as the strongest operation of the normal cell.
    threshold = float(strengths["normal"].max())
    assert strengths["reduce"].max() < threshold
    settings = {"selection": "threshold", "selection_threshold": threshold}
    latest = AboveThreshold(threshold, operations_per_edge).genotype(
        run.space, strengths
    )
    run = dataclasses.replace(run, settings=run.settings | settings, latest=latest)
    (warning,) = _warnings(run, 1)[:-1]
    assert "of the latest reduce cell reaches `selection_threshold`=" in warning


def test_without_an_epoch(run):
    run = dataclasses.replace(run, metrics={"epoch": []})
    assert warning_signs(run) == ["No epoch is finished yet."]


def _linear_cell(num_identities):
    names = ["identity"] * num_identities + ["tanh"] * (4 - num_identities)
    return RecurrentGenotype.from_lists([(name, 0) for name in names], [1])


@pytest.fixture(scope="module")
def healthy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    run = read_recurrent_run(write_recurrent_search(folder, 20, num_nodes=1))
    columns = {"loss": 5.0, "val_loss": 4.8, "val_perplexity": 121.5}
    columns["entropy_recurrent"] = 1.2
    metrics = {name: [value] * 20 for name, value in columns.items()}
    metrics = {**run.metrics, **metrics}
    return dataclasses.replace(run, metrics=metrics, latest=_linear_cell(2))


def _recurrent_warnings(run, **columns):
    metrics = dict(run.metrics)
    for name, last in columns.items():
        metrics[name] = metrics[name][: -len(last)] + last
    return warning_signs(dataclasses.replace(run, metrics=metrics))


def test_a_healthy_recurrent_search_has_none(healthy):
    assert warning_signs(healthy) == []


@pytest.mark.parametrize(
    "sign, columns",
    [
        ("than by equal chances", {"val_perplexity": [10000.0]}),
        ("drift apart", {"loss": [4.6, 4.5, 4.4]}),
        ("has risen", {"val_perplexity": [122.0, 123.0, 124.0]}),
        ("hardly moved", {"entropy_recurrent": [1.6]}),
    ],
)
def test_each_sign_of_a_recurrent_search(healthy, sign, columns):
    (warning,) = _recurrent_warnings(healthy, **columns)
    assert sign in warning


def test_a_linear_cell(healthy):
    run = dataclasses.replace(healthy, latest=_linear_cell(3))
    (warning,) = warning_signs(run)
    assert "3 of 4 nodes" in warning


@pytest.mark.parametrize(
    "columns",
    [
        {"val_perplexity": [10000.0, 121.0]},
        {"loss": [4.4] * 20},
        {"val_perplexity": [122.0, 121.0, 124.0]},
        {"entropy_recurrent": [1.59]},
        {"val_loss": [math.nan] * 20, "val_perplexity": [math.nan] * 20},
    ],
)
def test_a_recurrent_search_below_the_thresholds(healthy, columns):
    assert _recurrent_warnings(healthy, **columns) == []
