import json

import numpy as np
import pytest

from darts_tf.comparison.entries import run_entries
from darts_tf.comparison.figures import best_so_far, figures_of
from darts_tf.comparison.reading import read_runs
from darts_tf.report.figure_files import figure_to_svg
from tests.comparison.made_runs import change, image_search, image_training
from tests.comparison.test_entries import QUICK


def drawn(*folders):
    searches, trainings = read_runs(folders)
    return figures_of(searches, run_entries(searches, trainings, QUICK), 1)


def test_best_so_far_over_seeds(tmp_path):
    hour = 3600
    folders = [
        image_search(tmp_path / "a", [0.5, 0.4, 0.7], [hour, hour, hour]),
        image_search(tmp_path / "b", [0.6, 0.8], [2 * hour, 2 * hour], seed=5),
    ]
    searches, _ = read_runs(folders)
    times, values = best_so_far(searches, 2)
    # Until both have an epoch there is no median; one that has ended keeps its best.
    np.testing.assert_allclose(times, [4, 6, 8])
    np.testing.assert_allclose(values, [[50, 30, 30], [40, 40, 20]])


def test_an_accuracy_that_was_not_measured_is_no_best(tmp_path):
    folder = image_search(tmp_path / "a", [0.5, 0.4, 0.7])
    change(folder, last={"val_accuracy": ""})
    _, values = best_so_far(read_runs([folder])[0], 1)
    np.testing.assert_allclose(values, [[50, 50, 50]])


def test_each_plot_where_the_runs_allow_it(tmp_path):
    search = image_search(tmp_path / "a", [0.5, 0.6])
    training = image_training(tmp_path / "t", 3.0)
    cost = "Best validation against the cost of the search"
    assert drawn(training) == {}
    assert [*drawn(search, training)] == [cost]
    more = image_training(tmp_path / "u", 3.2)
    spread = "Distribution over trainings of the same cells"
    assert [*drawn(training, more)] == [spread]
    seed = image_search(tmp_path / "b", [0.5, 0.6], seed=5)
    equal = "Equal edges of the cells found by darts, second order"
    assert [*drawn(search, seed, training, more)] == [cost, spread, equal]
    # No figure takes the place of another one.
    others = [
        image_search(tmp_path / f"{nodes}_{seed}", [0.5, 0.6], num_nodes=nodes)
        for nodes in (2, 3)
        for seed in (1, 2)
    ]
    titles = [f"{equal} in darts ({number})" for number in (3, 4)]
    assert [*drawn(search, seed, *others)] == [cost, equal, *titles]
    # Neither another method nor another space is a seed of the same.
    first = image_search(tmp_path / "c", [0.5, 0.6], order="first")
    small = image_search(tmp_path / "d", [0.5, 0.6], num_nodes=2)
    assert [*drawn(search, first, small)] == [cost]
    change(search, last={"seconds": ""})
    assert [*drawn(search)] == []


def test_what_is_drawn(tmp_path):
    folders = [image_search(tmp_path / name, [0.5, 0.6]) for name in "ab"]
    found = json.loads((folders[1] / "genotypes" / "epoch_002.json").read_text())
    found["normal"]["nodes"][0][0][0] = "avg_pool_3x3"
    for name in ("genotypes/epoch_002.json", "genotype_best.json"):
        (folders[1] / name).write_text(json.dumps(found))
    folders += [image_training(tmp_path / f"t{x}", x) for x in (3.0, 4.0)]
    cost, spread, equal = drawn(*folders).values()
    (line,) = cost.axes[0].lines
    np.testing.assert_allclose(line.get_xydata(), [[1, 50], [2, 40]])
    dots, mean = spread.axes[0].lines
    assert [*dots.get_xdata()] == pytest.approx([3, 4])
    assert mean.get_xdata()[0] == pytest.approx(3.5)
    texts = [text.get_text() for text in equal.axes[0].texts]
    # One of the sixteen edges differs.
    assert texts == ["100%", "94%", "94%", "100%"]
    for figure in (cost, spread, equal):
        assert figure_to_svg(figure).startswith(b"<?xml")


def test_error_against_size(tmp_path):
    small, large = (
        image_training(
            tmp_path / f"c{channels}", error, auxiliary=False, init_channels=channels
        )
        for channels, error in ((4, 3.5), (8, 3.0))
    )
    for folder, weights in ((small, 1_000_000), (large, 2_500_000)):
        config = json.loads((folder / "config.json").read_text())
        config["num_weights"] = weights
        (folder / "config.json").write_text(json.dumps(config))
    assert [*drawn(small)] == []
    figures = drawn(small, large)
    figure = figures["Error against weights"]
    assert "Error against mult-adds" not in figures
    places = sorted(line.get_xydata()[0].tolist() for line in figure.axes[0].lines)
    np.testing.assert_allclose(places, [[1, 3.5], [2.5, 3.0]])
