import pytest

from darts_tf.comparison.entries import published_entries, run_entries
from darts_tf.comparison.figures import figures_of
from darts_tf.comparison.improvement import with_improvements
from darts_tf.comparison.reading import read_runs
from darts_tf.comparison.tables import table_of
from tests.comparison.made_runs import (
    change,
    image_search,
    image_training,
    text_search,
)
from tests.comparison.test_entries import QUICK


def one(folder):
    searches, trainings = read_runs([folder])
    (run,) = (*searches, *trainings)
    return run


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


def test_an_error_on_other_images_is_none_of_the_test(tmp_path):
    folder = image_training(tmp_path / "run", 5.0)
    change(folder, half="first", evaluated="other_half")
    assert one(folder).error is None and one(folder).other_error is None


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


def test_a_published_name_is_no_path_in_the_folder_of_a_search(tmp_path, monkeypatch):
    search = one(image_search(tmp_path / "search", [0.5, 0.6]))
    published = one(image_training(tmp_path / "published", 3.0))
    monkeypatch.chdir(tmp_path / "search")
    assert not search.found(published)


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
