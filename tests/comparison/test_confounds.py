from darts_tf.comparison.confounds import (
    differences,
    search_confounds,
    training_confounds,
)
from darts_tf.comparison.entries import published_entries, run_entries
from darts_tf.comparison.reading import read_runs
from tests.comparison.made_runs import change, image_search, image_training
from tests.comparison.test_entries import QUICK


def test_one_line_for_each_setting_that_differs():
    recipes = {
        "a": {"flip": None, "zeal": 1, "epochs": 600, "same": 2, "list": [1, 2]},
        "b": {"flip": True, "zeal": 2, "epochs": 600, "same": 2, "list": [1, 2]},
        "c": {"flip": True, "epochs": 50, "same": 2, "list": []},
    }
    assert differences(recipes) == [
        "epochs: 600 (a, b); 50 (c)",
        "flip: not set (a); yes (b, c)",
        "zeal: 1 (a); 2 (b); not said (c)",
        "list: 1, 2 (a, b); none (c)",
    ]
    assert differences({"a": recipes["a"]}) == differences({}) == []


def test_trainings_that_differ(tmp_path):
    folders = [
        image_training(tmp_path / "a", 3.0, seed=1, batch_size=96, cutout=True),
        image_training(tmp_path / "b", 3.1, seed=2, batch_size=96, cutout=True),
        image_training(tmp_path / "c", 3.2, "DARTS_V1", batch_size=64, cutout=False),
    ]
    change(folders[2], data={"num_train": 25_000})
    entries = published_entries("cifar10") + run_entries(*read_runs(folders), QUICK)
    assert training_confounds(entries) == [
        "batch size: 96 (DARTS_V2); 64 (DARTS_V1)",
        "cutout: yes (DARTS_V2); no (DARTS_V1)",
        "number of runs: 2 (DARTS_V2); 1 (DARTS_V1)",
        "data: num train: 50000 (DARTS_V2); 25000 (DARTS_V1)",
    ]


def test_searches_whose_folders_have_one_name(tmp_path):
    folders = [
        image_search(tmp_path / f"{layers}" / "search", [0.5, 0.6], layers=layers)
        for layers in (8, 5)
    ]
    assert search_confounds(read_runs(folders)[0]) == [
        f"layers: 8 ({folders[0]}); 5 ({folders[1]})"
    ]


def test_trainings_whose_folders_have_one_name(tmp_path):
    folders = [
        image_training(tmp_path / f"{size}" / "run", 3.0, batch_size=size)
        for size in (64, 96)
    ]
    titles = [f"DARTS_V2, {folder}" for folder in folders]
    entries = run_entries(*read_runs(folders), QUICK)
    assert training_confounds(entries) == [
        f"batch size: 64 ({titles[0]}); 96 ({titles[1]})"
    ]


def test_the_method_of_a_search_is_no_confound(tmp_path):
    first = {"order": "first", "method": "pc_darts", "partial_channels": 4}
    folders = [
        image_search(tmp_path / "a", [0.5, 0.6], layers=8),
        image_search(tmp_path / "b", [0.5, 0.6], layers=8, seed=7, **first),
        image_search(tmp_path / "c", [0.5, 0.6, 0.7], layers=5),
    ]
    assert search_confounds(read_runs(folders)[0]) == [
        "epochs: 2 (a, b); 3 (c)",
        "layers: 8 (a, b); 5 (c)",
    ]
