"""Runs whose network changes on the way."""

import dataclasses
import shutil
from unittest import mock

import numpy as np
import pytest

from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.experiments.convolutional_search.experiment import ConvolutionalSearch
from darts_tf.experiments.convolutional_search.results import read_run
from darts_tf.experiments.importance import SearchedModel
from darts_tf.experiments.kept_epochs import recommended
from darts_tf.runs.checkpoint import EpochCheckpoint
from tests.experiments.small_searches import SMALL
from tests.robustness.equal_runs import differences

TINY = dataclasses.replace(
    SMALL, init_channels=4, epochs=3, stage_epochs=(1,), stage_operations=(2,)
)
CARRIED = dataclasses.replace(
    TINY,
    relaxation="dirichlet",
    partial_channels=2,
    stage_partial_channels=(1,),
    stage_carries=True,
)
ANEW = dataclasses.replace(
    TINY,
    stage_layers=(2,),
    skip_dropout=0.1,
    stage_skip_dropout=(0.4,),
    stage_learning_rate=True,
    frozen_epochs=1,
)


_FIT, _SAVE = (ConvolutionalSearch, "fit_epochs"), (EpochCheckpoint, "save")


class Kill(Exception):
    """In place of a signal."""


def run_killed(config, folder, killing):
    with killing, pytest.raises(Kill):
        ConvolutionalSearch(config).run(folder)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(CARRIED, id="carried"),
        pytest.param(ANEW, id="anew", marks=pytest.mark.long),
    ],
)
def straight(request, tmp_path_factory):
    """The settings, and a run that nothing interrupted."""
    folder = tmp_path_factory.mktemp("straight") / "run"
    return request.param, ConvolutionalSearch(request.param).run(folder)


def run_killed_at_the_transition(config, folder):
    """Ends after the space of the stage is written, before its first step."""
    fit_epochs = getattr(*_FIT)

    def fit_once(experiment, *arguments):
        if arguments[2]:
            raise Kill
        fit_epochs(experiment, *arguments)

    run_killed(config, folder, mock.patch.object(*_FIT, fit_once))
    assert (folder / "stages" / "epoch_002.json").exists()


def run_killed_after(epoch, config, folder):
    """Ends when the checkpoint of an epoch is written."""
    save = getattr(*_SAVE)

    def save_and_end(checkpoint, number):
        save(checkpoint, number)
        if number == epoch:
            raise Kill

    run_killed(config, folder, mock.patch.object(*_SAVE, save_and_end))


@pytest.mark.long
def test_killed_equals_not_killed(straight, tmp_path):
    config, expected = straight
    folder = tmp_path / "run"
    run_killed_at_the_transition(config, folder)
    run_killed_after(2, config, folder)
    ConvolutionalSearch(config).run(folder)
    assert differences(expected, folder) == []


@pytest.mark.long
def test_a_damaged_checkpoint_of_the_stage_falls_back(straight, tmp_path):
    config, expected = straight
    folder = tmp_path / "run"
    run_killed_after(2, config, folder)
    path = folder / "checkpoints" / "epoch_0002.index"
    path.write_bytes(path.read_bytes()[:-50])
    ConvolutionalSearch(config).run(folder)
    assert differences(expected, folder) == []


def test_what_the_folder_tells(straight):
    config, folder = straight
    run = read_run(folder)
    shapes = [x["normal"].shape for x in run.alphas.values()]
    assert shapes == [(2, 3), (2, 2), (2, 2)]
    assert run.space_after(1) == run.space == config.search_space()
    assert run.space_after(2) == run.space_after(3) == run.stages[2]
    for kind in run.space.kinds:
        kept = run.stages[2].of(kind)
        before = run.alphas[1][kind]
        for row, names in enumerate(kept.operations):
            weakest = config.primitives[before[row].argmin()]
            assert set(names) == set(config.primitives) - {weakest}
    rates = run.metrics["learning_rate"]
    assert (rates[1] == pytest.approx(0.025)) == config.stage_learning_rate
    assert recommended(run).epoch in (2, 3)
    assert "of the last stage" in recommended(run).reason
    page = (folder / "report.html").read_text()
    assert "softmax(alpha) after epoch 3" in page


def test_the_genotype_trains(straight):
    _, folder = straight
    genotype = read_run(folder).latest
    network = EvaluationNetwork(genotype, 3, 4, 2, auxiliary=False)
    network.build((None, 8, 8, 3))
    logits = network(np.ones([4, 8, 8, 3], np.float32), training=True)
    assert np.isfinite(logits).all() and logits.shape == (4, 3)


def test_a_finished_run_is_opened_with_its_last_network(straight):
    _, folder = straight
    searched = SearchedModel(folder)
    searched.open()
    alphas = read_run(folder).alphas[3]
    for kind, alpha in zip(alphas, searched.model.network.alphas):
        np.testing.assert_array_equal(alpha, alphas[kind])


def test_a_finished_run_stays_as_it_is(straight, tmp_path):
    config, folder = straight
    copied = shutil.copytree(folder, tmp_path / "run")
    ConvolutionalSearch(config).run(copied)
    assert differences(folder, copied) == []
