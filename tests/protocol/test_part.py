import shutil

import pytest

from darts_tf.protocol.part import Best, Found, Part
from darts_tf.protocol.programs import programs_for
from darts_tf.protocol.scores import validation_score
from tests.comparison.made_runs import change, image_search, image_training

TRAINING = programs_for("cifar10", is_text=False).training


def write_results(folder, epoch):
    text = f'{{"recommended_epoch": {epoch}, "reason": "told"}}'
    (folder / "results.json").write_text(text)
    return folder


@pytest.fixture
def folder(tmp_path):
    for number, accuracy in enumerate((0.6, 0.9, 0.7), start=1):
        search = image_search(tmp_path / f"searches/{number}", [0.5, accuracy])
        write_results(search, 2)
    for number, error in enumerate((30.0, 20.0, 20.0), start=1):
        image_training(tmp_path / f"brief/{number}", error)
    return tmp_path


def test_cells_are_those_that_a_search_recommends(folder):
    cells = Found("searches/1")
    assert cells.settings(folder) == {"genotype": str(folder / "searches/1")}
    part = Part("trainings/1", TRAINING, {"seed": 3}, cells)
    assert part.awaits == ("searches/1",)
    assert part.all_settings(folder)["seed"] == 3


def test_cells_of_an_epoch_count_once(folder):
    expected = {"genotype": str(folder / "searches/1"), "genotype_epoch": 2}
    files = folder / "searches/1/genotypes"
    (files / "epoch_001.json").write_text("other cells")
    assert Found("searches/1", 2, (1,)).settings(folder) == expected
    shutil.copy(files / "epoch_002.json", files / "epoch_001.json")
    assert Found("searches/1", 2, (1,)).settings(folder) is None
    # The search has ended before.
    assert Found("searches/1", 3).settings(folder) is None


def test_the_best_is_the_first_of_equals(folder):
    names = ("1", "2", "3")
    best = Best({f"brief/{name}": Found(f"searches/{name}") for name in names})
    assert best.choice(folder) == "brief/2"
    assert best.settings(folder) == {"genotype": str(folder / "searches/2")}
    assert [*best.scores(folder).values()] == pytest.approx([30, 20, 20])


def test_a_search_is_judged_by_the_loss_of_its_recommended_epoch(folder):
    search = change(folder / "searches/2", columns={"val_loss": [0.3, 0.7]})
    assert validation_score(search) == 0.7
    assert validation_score(write_results(search, 1)) == 0.3
    with pytest.raises(ValueError, match="an epoch of the metrics"):
        validation_score(write_results(search, 5))
