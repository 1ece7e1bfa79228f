import json
import shutil

import pytest

from darts_tf.comparison.entries import published_entries, run_entries
from darts_tf.comparison.figures import figures_of
from darts_tf.comparison.finished_runs import read_runs
from darts_tf.comparison.improvement import with_improvements
from darts_tf.comparison.tables import table_of
from darts_tf.errors import UserError
from tests.comparison.made_runs import (
    change,
    image_search,
    image_training,
    text_search,
    text_training,
)
from tests.comparison.test_entries import QUICK
from tests.conftest import REPOSITORY


def one(folder):
    searches, trainings = read_runs([folder])
    (run,) = (*searches, *trainings)
    return run


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


def test_an_error_is_that_of_the_last_epoch(tmp_path):
    folder = image_training(tmp_path / "run", 5.0)
    change(folder, columns={"val_accuracy": [0.99, 0.95]})
    assert one(folder).error == pytest.approx(5.0)


def test_an_error_that_was_not_measured(tmp_path):
    folder = change(image_training(tmp_path / "run", 5.0), {"val_accuracy": ""})
    assert one(folder).error is None
    (entry,) = run_entries([], [one(folder)], QUICK)
    assert entry.error is None and with_improvements([entry]) == [entry]
    assert figures_of([], [entry, entry], 1) == {}
    assert "-" in table_of("cifar10", [entry, *published_entries("cifar10")]).lines[-1]


def test_what_a_search_was(tmp_path):
    search = one(image_search(tmp_path / "run", [0.5, 0.6], [1800, 5400]))
    assert search.hours(1) == 2 and search.hours(4) == 8
    assert search.operations == 7 and search.search_method == "gradient-based"
    assert search.method == "darts, second order"
    folder = text_search(tmp_path / "text", [300, 200], method="pc_darts", levels=1)
    text = one(folder)
    assert text.operations == 4 and text.method == "pc_darts"
    change(folder, devices=["0", "1", "3"])
    assert one(folder).hours(1) == pytest.approx(3 * text.hours(1))
    change(folder, last={"seconds": ""})
    assert one(folder).hours(1) is None


def test_which_search_found_the_cells(tmp_path):
    folder = image_search(tmp_path / "search", [0.5, 0.6])
    other = image_search(tmp_path / "other", [0.5, 0.6], seed=9)
    change(image_training(tmp_path / "named", 3.0, search=folder))
    file = str(folder / "genotypes" / "epoch_001.json")
    inside = image_training(tmp_path / "inside", 3.0, genotype=file)
    change(inside, genotype=file)
    moved = image_training(tmp_path / "moved", 3.0, search=folder)
    change(moved, genotype="somewhere/else/genotype.json")
    published = image_training(tmp_path / "published", 3.0)
    search, second = read_runs([folder, other])[0]
    for path, expected in ((tmp_path / "named", True), (inside, True), (moved, True)):
        assert search.found(one(path)) is expected
    assert not search.found(one(published))
    # Both have the same cells, but one of them is named.
    assert not second.found(one(tmp_path / "named"))


def test_what_is_of_one_mean(tmp_path):
    def group(name, **settings):
        return one(image_training(tmp_path / name, 3.0, **settings)).group()

    first = group("a", seed=1, cutout=True)
    assert group("b", seed=2, cutout=True, intra_op_threads=2) == first
    assert group("c", seed=2, cutout=True, data_dir="elsewhere") == first
    others = [
        group("d", cutout=False),
        group("e", cutout=True, batch_size=3),
        group("f", cutout=True, precision="mixed_bfloat16"),
        group("g", cutout=True, genotype="mobilenet.json") + "",
    ]
    assert first not in others[:3] and len({*others[:3]}) == 3
    # The setting only names the cells, which are the same.
    assert others[3] == first
    folder = image_training(tmp_path / "h", 3.0, cutout=True)
    change(folder, data={"num_train": 100})
    assert one(folder).group() != first


def test_a_row_has_sizes_of_its_own(tmp_path):
    sizes = dict.fromkeys(("layers", "init_channels", "auxiliary"))
    row = one(image_training(tmp_path / "a", 3.0, "random_cifar10", **sizes))
    recipe = row.recipe()
    assert (recipe["layers"], recipe["init_channels"]) == (20, 36)
    sizes = {"layers": 20, "init_channels": 36, "auxiliary": recipe["auxiliary"]}
    assert one(image_training(tmp_path / "b", 3.0, **sizes)).recipe() == recipe


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
