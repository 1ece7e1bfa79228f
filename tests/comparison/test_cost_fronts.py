"""Fronts of searches that know what their derived networks cost."""

import pytest

from darts_tf.comparison.cost_fronts import cost_fronts
from darts_tf.comparison.reading import read_runs
from darts_tf.report.figure_files import figure_to_svg
from tests.comparison.made_runs import change, image_search


def search(folder, accuracies, costs, target=None, cost="mult_adds", **settings):
    """Writes a search that has recorded the cost of each epoch's cell."""
    settings = {"cost": cost, "cost_target": target, **settings}
    image_search(folder, accuracies, **settings)
    return change(folder, columns={"cost": costs})


def fronts(*folders):
    return cost_fronts(read_runs(folders)[0])


def test_the_error_of_the_recommended_cell_stands_above_its_cost(tmp_path):
    folders = [
        search(tmp_path / "free", [0.6, 0.7], [520, 540]),
        search(tmp_path / "few", [0.6, 0.5], [310, 290.5], 300.0),
    ]
    ((title, figure),) = fronts(*folders).items()
    assert title == "Front of error and M mult-adds"
    axes = figure.axes[0]
    (points,) = axes.collections
    epochs = [x.recommended_row for x in read_runs(folders)[0]]
    expected = [((520, 40), (540, 30))[epochs[0]], ((310, 40), (290.5, 50))[epochs[1]]]
    assert points.get_offsets().tolist() == [pytest.approx(x) for x in expected]
    assert [x.get_text() for x in axes.texts] == ["free", "few, target 300"]
    assert [line.get_xdata()[0] for line in axes.lines] == [300]
    assert figure_to_svg(figure).startswith(b"<?xml")


def test_other_costs_and_networks_have_fronts_of_their_own(tmp_path):
    def pair(name, **settings):
        return [
            search(tmp_path / f"{name}{x}", [0.5], [1 + x], **settings) for x in (0, 1)
        ]

    first, small = pair("a"), pair("b", eval_layers=8)
    weights, others = pair("c", cost="weights"), [image_search(tmp_path / "d", [0.5])]
    assert [*fronts(*first, *small, *weights, *others)] == [
        "Front of error and M mult-adds",
        "Front of error and M mult-adds (2)",
        "Front of error and M weights",
    ]
    # One alone is no front, nor is a cost that was not recorded a point of one.
    assert fronts(first[0], weights[0], *others) == {}
    change(first[0], last={"cost": ""})
    assert fronts(*first) == {}
