import csv
import json

import pytest

from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_search.results import read_run
from darts_tf.experiments.kept_epochs import epochs_by_rule, recommended, write_results
from darts_tf.experiments.recurrent_search.results import read_recurrent_run
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.genotype.genotype_of_run import genotype_in
from tests.comparison.made_runs import change
from tests.experiments.synthetic_run import write_run
from tests.experiments.synthetic_text_runs import write_recurrent_search
from tests.method.histories import genotype_with


def write_search(folder, skips, accuracies, eigenvalues=None, **settings):
    """Writes a search with these numbers in its epochs."""
    write_run(folder, len(skips), **settings)
    for epoch, count in enumerate(skips, 1):
        path = folder / "genotypes" / f"epoch_{epoch:03d}.json"
        genotype_with(count).save(path)
    path = folder / "metrics.csv"
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    for epoch, (row, accuracy) in enumerate(zip(rows, accuracies, strict=True), 1):
        row["val_accuracy"] = accuracy
        if eigenvalues:
            row["eigenvalue"] = eigenvalues.get(epoch, "nan")
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    best = max(range(len(skips)), key=accuracies.__getitem__)
    genotype_with(skips[best]).save(folder / "genotype_best.json")
    return read_run(folder)


def test_the_best_with_few_skip_connections(tmp_path):
    run = write_search(tmp_path / "run", [0, 1, 2, 5], [0.1, 0.4, 0.3, 0.9])
    assert epochs_by_rule(run) == {
        "best validation": 4,
        "before the eigenvalue rises": None,
        "last with at most 2 skip connections": 3,
        "stable ranking": None,
    }
    kept = recommended(run)
    assert kept.epoch == 2
    assert "at most 2 skip connections" in kept.reason and "epoch 4" in kept.reason


def test_the_best_where_it_has_few_or_none_has(tmp_path):
    few = write_search(tmp_path / "few", [0, 1, 5], [0.1, 0.4, 0.3])
    assert recommended(few) == (2, "the best validation")
    many = write_search(tmp_path / "many", [3, 4, 5], [0.1, 0.4, 0.3])
    assert recommended(many) == (2, "the best validation")
    assert epochs_by_rule(many)["last with at most 2 skip connections"] is None


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        (300.0, (3, "the best validation within the target")),
        (200.0, (2, "the best validation of the cheapest cells")),
        (None, (1, "the best validation")),
    ],
)
def test_the_best_whose_derived_network_meets_the_target(tmp_path, target, kept):
    folder = tmp_path / "run"
    write_search(folder, [0] * 4, [0.6, 0.3, 0.5, 0.4], cost_target=target)
    change(folder, columns={"cost": [301, 250, 300, 260]})
    assert recommended(read_run(folder)) == kept


@pytest.mark.parametrize("setting", ["log", "stop"])
def test_the_epoch_of_the_stop_where_it_has_ended_the_search(setting, tmp_path):
    values = {n: 0.2 if n > 30 else 0.1 for n in range(1, 34, 2)}
    accuracies = [0.5 + 0.01 * n for n in range(33)]
    run = write_search(
        tmp_path / "run", [0] * 33, accuracies, values, eigenvalue=setting
    )
    assert epochs_by_rule(run)["before the eigenvalue rises"] == 21
    kept = recommended(run)
    assert kept.epoch == (21 if setting == "stop" else 33)
    assert ("stop after epoch 33" in kept.reason) == (setting == "stop")


def test_a_recurrent_search_has_no_skip_connections(tmp_path):
    run = read_recurrent_run(write_recurrent_search(tmp_path / "run", 4))
    assert len(epochs_by_rule(run)) == 3
    assert recommended(run).epoch == run.metrics["epoch"][run.best_row]


def test_a_training_takes_what_is_recommended(tmp_path):
    folder = tmp_path / "run"
    run = write_search(folder, [1, 2, 5], [0.1, 0.4, 0.9])
    best = Genotype.from_name_or_file(str(folder))
    assert best == genotype_with(5)
    assert "best epoch" in genotype_in(folder).which
    write_results(run)
    results = json.loads((folder / "results.json").read_text())
    assert results["recommended_epoch"] == 2
    assert results["epochs"]["best validation"] == 3
    assert Genotype.from_name_or_file(str(folder)) == genotype_with(2)
    which = genotype_in(folder).which
    assert which == f"epoch 2, {recommended(run).reason}"
    drawn = {path.name for path in folder.glob("cells/recommended_*")}
    assert len(drawn) == 4 and "recommended_normal.png" in drawn
    assert Genotype.from_name_or_file(str(folder), epoch=1) == genotype_with(1)
    assert genotype_in(folder, 1).which == "epoch 1, as told"


def test_an_epoch_is_for_the_folder_of_a_search(tmp_path):
    with pytest.raises(UserError, match="`genotype_epoch`=1 is for the folder"):
        Genotype.from_name_or_file("DARTS_V2", epoch=1)
    folder = tmp_path / "run"
    write_search(folder, [0], [0.5])
    with pytest.raises(UserError, match="No genotype found"):
        Genotype.from_name_or_file(str(folder), epoch=7)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"recommended_epoch": "1", "reason": "x"}']
)
def test_damaged_results(text, tmp_path):
    (tmp_path / "results.json").write_text(text)
    with pytest.raises(UserError, match=r"results\.json is damaged") as error:
        Genotype.from_name_or_file(str(tmp_path))
    assert "\n" not in str(error.value)
