import shutil

import pytest

import darts_tf as dt
from darts_tf.convolutional import EvaluationNetwork, SearchNetwork
from darts_tf.errors import UserError
from darts_tf.recurrent import LanguageModel
from tests.earlier.write_files import FOLDER, RUNS

EARLIER = FOLDER / "without_fingerprint"


@pytest.mark.parametrize("name", RUNS)
def test_a_run(name, tmp_path):
    folder = shutil.copytree(EARLIER / name, tmp_path / name)
    run = dt.load(folder)
    assert run.folder == folder and len(run.metrics["loss"]) == 1
    if "search" in name:
        assert dt.load(folder / "genotype_best.json") == run.best


@pytest.mark.parametrize(
    "name, kind",
    [
        ("search_network", SearchNetwork),
        ("evaluation_network", EvaluationNetwork),
        ("language_model", LanguageModel),
    ],
)
def test_a_network(name, kind):
    assert isinstance(dt.load(EARLIER / f"{name}.keras"), kind)


def test_a_published_genotype():
    assert dt.load("DARTS_V2") == dt.Genotype.published("DARTS_V2")


@pytest.mark.parametrize(
    "name, content, message",
    [
        ("none", None, "There is no .*none: expected the folder of a run"),
        ("a.json", "[]", "a.json holds no genotype"),
        ("a.json", '{"format": ["a"]}', "a.json holds no genotype"),
        ("a.keras", "", "a.keras cannot be read"),
        ("a.pt", "", "a.pt needs `genotype`"),
    ],
)
def test_what_cannot_be_loaded(name, content, message, tmp_path):
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    with pytest.raises(UserError, match=message):
        dt.load(path)
