import json
import shlex

import numpy as np
import pytest

from darts_tf.experiments.convolutional_evaluation.page import write_training_report
from darts_tf.runs.run_config import RunFolderError
from tests.experiments.synthetic_training import CLASS_NAMES, write_training
from tests.report.parsed_page import parse_self_contained


def test_page_is_whole(tmp_path):
    folder = write_training(tmp_path / "my run", num_epochs=4)
    path = write_training_report(folder)
    assert path == folder / "report.html"
    page = parse_self_contained(path)
    best = np.genfromtxt(folder / "metrics.csv", delimiter=",", names=True)[-1]
    for column in ("val_accuracy", "val_top_5_accuracy"):
        assert f"{1 - best[column]:.2%}" in page.text
    assert "4 of 60 epochs done" in page.text
    assert "3,349,342" in page.text and "4.10 GB" in page.text
    assert "22.5" in page.text
    # Three curves, the confusion matrix and two cells.
    assert page.tags.count("svg") == 6
    assert page.tags.count("img") == 32
    assert all(name in page.text for name in CLASS_NAMES)
    command = ["python", "-m", "trainers.export", f"--run={folder}"]
    assert shlex.join([*command, f"--output={folder}/exported"]) in page.text
    content = path.read_bytes()
    assert write_training_report(folder).read_bytes() == content


def test_few_classes_have_no_top_5_error(tmp_path):
    folder = write_training(tmp_path, 1, num_classes=3, channels=1, num_mistakes=0)
    page = parse_self_contained(write_training_report(folder))
    assert "top-1 error" in page.text and "top-5" not in page.text
    assert "There are none" in page.text and "img" not in page.tags


def test_many_classes_have_a_table_of_pairs(tmp_path):
    folder = write_training(tmp_path, 1, num_classes=40, channels=1, num_mistakes=2)
    page = parse_self_contained(write_training_report(folder))
    assert page.tags.count("svg") == 5
    assert "taken forimages" in page.text
    assert page.tags.count("img") == 2


def _assert_one_clear_line(folder, *words):
    with pytest.raises(RunFolderError) as error:
        write_training_report(folder)
    assert "\n" not in str(error.value)
    assert all(word in str(error.value) for word in words)
    assert not (folder / "report.html").exists()


@pytest.mark.parametrize(
    "changes, word",
    [
        ({"labels": None}, "labels"),
        ({"labels": np.zeros(7, int)}, "one length"),
        ({"predictions": np.full(3000, 10)}, "from 0 to 9"),
        ({"predictions": np.zeros(3000)}, "a list of classes"),
        ({"images": np.zeros((32, 8, 8, 2), np.uint8)}, "images"),
        ({"images": np.zeros((32, 8, 8, 3))}, "uint8"),
        ({"image_probabilities": np.zeros(31)}, "32 labels"),
        ({"image_labels": np.full(32, -1)}, "from 0 to 9"),
    ],
)
def test_damaged_predictions(tmp_path, changes, word):
    folder = write_training(tmp_path, 1)
    path = folder / "predictions.npz"
    with np.load(path) as file:
        arrays = dict(file) | changes
    np.savez(path, **{k: array for k, array in arrays.items() if array is not None})
    _assert_one_clear_line(folder, "predictions.npz", word)


def test_missing_and_foreign_files(tmp_path):
    folder = write_training(tmp_path, 1)
    (folder / "predictions.npz").unlink()
    _assert_one_clear_line(folder, "predictions.npz", "No such file")
    config = json.loads((folder / "config.json").read_text())
    for name, value in {
        "genotype": {"format": "other"},
        "data": {"class_names": []},
        "format": "darts_tf.search",
    }.items():
        (folder / "config.json").write_text(json.dumps(config | {name: value}))
        _assert_one_clear_line(folder, "config.json", "damaged")
