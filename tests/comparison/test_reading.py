import json
import shutil

import pytest

from darts_tf.comparison.reading import read_runs
from darts_tf.errors import UserError
from tests.comparison.made_runs import (
    change,
    image_search,
    image_training,
    text_search,
    text_training,
)
from tests.comparison.test_finished_runs import one
from tests.conftest import REPOSITORY


def test_every_kind_of_run(tmp_path):
    folders = [
        image_search(tmp_path / "a", [0.5, 0.6]),
        text_training(tmp_path / "b", 60, 58),
        image_training(tmp_path / "c", 3.0),
        text_search(tmp_path / "d", [300, 200]),
    ]
    searches, trainings = read_runs(folders)
    assert [x.name for x in searches] == ["a", "d"]
    assert [x.name for x in trainings] == ["b", "c"]
    assert [x.dataset for x in (*searches, *trainings)] == [
        *("cifar10", "ptb", "ptb", "cifar10")
    ]
    text, images = trainings
    assert (text.error, text.other_error) == (58, pytest.approx(60))
    assert images.error == pytest.approx(3.0)
    assert images.other_error == pytest.approx(
        100 * (1 - images.run.metrics["val_top_5_accuracy"][-1])
    )


def _unfinished(folder):
    return change(image_training(folder, 3.0), epochs=600)


def _unfinished_search(folder):
    return change(image_search(folder, [0.5, 0.6]), epochs=3)


def _unfinished_projection(folder):
    return change(image_search(folder, [0.5, 0.6]), projection="loss")


def _unfinished_text(folder):
    text_training(folder, 60, 58)
    (folder / "results.json").unlink()
    return folder


def _empty(folder):
    folder.mkdir()
    return folder


def _damaged(folder):
    image_training(folder, 3.0)
    (folder / "metrics.csv").write_text("epoch,step\n1,x\n")
    return folder


def _of_unknown_kind(folder):
    image_training(folder, 3.0)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "format": "other"}))
    return folder


def _with_settings(folder, **settings):
    return change(image_training(folder, 3.0), **settings)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_unfinished, "run has not ended, after epoch 2 of 600"),
        (_unfinished_search, "run has not ended, after epoch 2 of 3"),
        (_unfinished_projection, "run has not ended"),
        (_unfinished_text, "run has not ended"),
        (_empty, r"config\.json cannot be read"),
        (_damaged, r"metrics\.csv is damaged"),
        (
            lambda folder: _with_settings(folder, devices=3),
            r"config\.json is damaged: expected \"devices\", a tuple of .* found 3",
        ),
        (
            lambda folder: _with_settings(folder, genotype=None),
            r"config\.json is damaged: expected \"genotype\", text",
        ),
        (_of_unknown_kind, r"config\.json is of 'other'"),
        (lambda folder: folder / "none", r"config\.json cannot be read"),
    ],
)
def test_bad_input_is_one_line(tmp_path, make, message):
    with pytest.raises(UserError, match=message) as caught:
        read_runs([make(tmp_path / "run")])
    assert "\n" not in str(caught.value)


def test_a_run_is_given_once(tmp_path):
    folder = image_training(tmp_path / "run", 3.0)
    with pytest.raises(UserError, match="is given twice"):
        read_runs([folder, tmp_path / "run" / ".." / "run"])


def test_a_search_that_ended_early_has_ended(tmp_path):
    folder = _unfinished_search(tmp_path / "run")
    (folder / "results.json").write_text("{}")
    assert one(folder).name == "run"


@pytest.mark.parametrize(
    "kind", ["image_training", "language_training", "recurrent_search", "search"]
)
def test_runs_of_earlier_versions(tmp_path, kind):
    folder = REPOSITORY / "tests" / "earlier" / "with_fingerprint" / kind
    with pytest.raises(UserError, match=f"{kind} has not ended, after epoch 1 of 2"):
        read_runs([folder])
    shutil.copytree(folder, tmp_path / kind)
    results = {"best_epoch": 1, "val_perplexity": 13, "test_perplexity": 14}
    (tmp_path / kind / "results.json").write_text(json.dumps(results))
    change(tmp_path / kind, epochs=1)
    assert one(tmp_path / kind).recipe()["epochs"] == 1
