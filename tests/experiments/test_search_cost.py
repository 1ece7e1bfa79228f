import dataclasses
import json

import pytest

from darts_tf.convolutional import SearchModel, SearchNetwork
from darts_tf.experiments.search_cost import SearchCost, cost_of_epochs, read_cost
from darts_tf.method import DARTS, Schedule
from darts_tf.method.perturbations import (
    AdversarialPerturbation,
    RandomPerturbation,
    SharpnessAware,
)
from darts_tf.runs.run_config import RunFolderError


def metrics(steps, seconds):
    epochs = range(1, len(steps) + 1)
    return {"epoch": [*map(float, epochs)], "step": steps, "seconds": seconds}


def test_steps_passes_and_time():
    found = metrics([10.0, 20.0, 25.0], [1.0, 2.0, 3.0])
    cost = cost_of_epochs(found, lambda epoch: 1 if epoch < 1 else 4, devices=2)
    assert cost == SearchCost(25, 10 + 4 * 15, 12.0)


def test_a_stage_may_count_its_steps_anew():
    found = metrics([10.0, 20.0, 8.0, 16.0], [1.0] * 4)
    assert cost_of_epochs(found, lambda epoch: 1, 1) == SearchCost(36, 36, 4.0)


def test_a_time_that_was_not_measured():
    found = metrics([10.0, 20.0], [1.0, float("nan")])
    assert cost_of_epochs(found, lambda epoch: 1, 1) is None


@pytest.mark.parametrize(
    ("changes", "order", "hessian", "passes"),
    [
        ({}, "first", "exact", [2, 2]),
        ({}, "second", "exact", [4, 4]),
        ({}, "second", "finite_difference", [5, 5]),
        ({"levels": 1}, "first", "exact", [1, 1]),
        ({"schedule": Schedule(frozen_epochs=1)}, "first", "exact", [1, 2]),
        ({"perturbation": RandomPerturbation()}, "first", "exact", [2, 2]),
        ({"perturbation": AdversarialPerturbation()}, "first", "exact", [11, 11]),
        (
            {"perturbation": SharpnessAware(), "schedule": Schedule(frozen_epochs=1)},
            "second",
            "exact",
            [1, 6],
        ),
    ],
)
def test_passes_of_a_step(changes, order, hessian, passes):
    method = dataclasses.replace(DARTS, **changes)
    network = SearchNetwork(3, 4, 1, 1, method=method)
    model = SearchModel(network, order, hessian)
    assert [model.passes_in(epoch) for epoch in (0, 1)] == passes


def write(folder, results):
    (folder / "results.json").write_text(json.dumps(results))
    return folder


def test_results_that_say_it(tmp_path):
    assert read_cost(tmp_path) is None
    assert read_cost(write(tmp_path, {"recommended_epoch": 1})) is None
    cost = SearchCost(3, 12, 4.5)
    assert read_cost(write(tmp_path, cost._asdict())) == cost


@pytest.mark.parametrize(
    "change", [{"steps": "3"}, {"passes": -1}, {"device_seconds": None}]
)
def test_damaged_results(tmp_path, change):
    write(tmp_path, {**SearchCost(3, 12, 4.5)._asdict(), **change})
    with pytest.raises(RunFolderError, match=r"results\.json is damaged"):
        read_cost(tmp_path)
