import json

import numpy as np
import pytest

from darts_tf.experiments.convolutional_search.results import COLUMNS, read_run
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.method.relaxations import softmax
from darts_tf.runs.run_config import RunFolderError
from tests.experiments.synthetic_run import PRIMITIVES, write_run


@pytest.fixture
def folder(tmp_path):
    return write_run(tmp_path / "run", num_epochs=3, num_nodes=2)


def test_everything_is_read(folder):
    run = read_run(str(folder))
    assert run.folder == folder
    assert run.settings["primitives"] == tuple(PRIMITIVES)
    assert run.data["num_train"] == 25000
    assert run.num_weights == 1930842
    assert run.metrics["epoch"] == (1, 2, 3)
    assert set(run.metrics) == set(COLUMNS)
    assert sorted(run.alphas) == [1, 2, 3]
    assert run.alphas[2]["normal"].shape == (5, 8)
    assert run.best == Genotype.load(folder / "genotype_best.json")
    assert run.latest == Genotype.load(folder / "genotypes" / "epoch_003.json")


def test_best_row_is_the_first_of_the_highest(folder):
    lines = (folder / "metrics.csv").read_text().splitlines()
    accuracies = ["", "0.5", "0.5"]
    column = COLUMNS.index("val_accuracy")
    for number, accuracy in enumerate(accuracies, start=1):
        values = lines[number].split(",")
        values[column] = accuracy
        lines[number] = ",".join(values)
    (folder / "metrics.csv").write_text("\n".join(lines))
    run = read_run(folder)
    assert np.isnan(run.metrics["val_accuracy"][0])
    assert run.best_row == 1


def test_primitives_may_be_one_string(folder):
    config = json.loads((folder / "config.json").read_text())
    config["settings"]["primitives"] = ",".join(PRIMITIVES)
    (folder / "config.json").write_text(json.dumps(config))
    assert read_run(folder).settings["primitives"] == tuple(PRIMITIVES)


def _assert_one_clear_line(folder, *words):
    with pytest.raises(RunFolderError) as error:
        read_run(folder)
    message = str(error.value)
    assert "\n" not in message
    for word in words:
        assert word in message


def test_no_folder(tmp_path):
    _assert_one_clear_line(tmp_path / "nowhere", "folder of a run", "nowhere")


@pytest.mark.parametrize(
    "name",
    ["config.json", "metrics.csv", "genotype_best.json", "genotype_latest.json"],
)
def test_missing_or_unreadable_file(folder, name):
    (folder / name).write_bytes(b"\xff\xfe\x00")
    _assert_one_clear_line(folder, name, "UTF-8")
    (folder / name).unlink()
    _assert_one_clear_line(folder, name, "cannot be read")


@pytest.mark.parametrize(
    "name, content, word",
    [
        ("config.json", "{", "JSON"),
        ("config.json", "[]", "darts_tf.search"),
        ("config.json", '{"format": "darts_tf.search", "version": 9}', "version"),
        ("config.json", '{"format": "darts_tf.search", "version": 1}', "settings"),
        ("metrics.csv", "", "0 rows"),
        ("metrics.csv", "epoch,step\n1,2\n", "val_accuracy"),
        ("genotype_best.json", "{}", "darts_tf.genotype"),
        ("genotype_latest.json", "{", "JSON"),
    ],
)
def test_damaged_file(folder, name, content, word):
    (folder / name).write_text(content)
    _assert_one_clear_line(folder, name, "damaged", word)


@pytest.mark.parametrize("primitives", [None, [], [1], ["$x$"], "", PRIMITIVES[:7]])
def test_damaged_primitives(folder, primitives):
    config = json.loads((folder / "config.json").read_text())
    config["settings"]["primitives"] = primitives
    (folder / "config.json").write_text(json.dumps(config))
    _assert_one_clear_line(folder, "damaged")


def test_genotype_of_other_primitives(folder):
    Genotype.published("AmoebaNet-A").save(folder / "genotype_best.json")
    _assert_one_clear_line(folder, "genotype_best.json", "conv_7x1_1x7")


@pytest.mark.parametrize(
    "replacement, word",
    [("x,", "line 3"), ("", "line 3"), ("1.0,", "rising"), ("inf,", "rising")],
)
def test_damaged_row(folder, replacement, word):
    lines = (folder / "metrics.csv").read_text().splitlines()
    lines[2] = replacement + lines[2].split(",", 1)[1]
    (folder / "metrics.csv").write_text("\n".join(lines))
    _assert_one_clear_line(folder, "metrics.csv", word)


def test_an_only_epoch_without_a_number(folder):
    head, row, *_ = (folder / "metrics.csv").read_text().splitlines()
    (folder / "metrics.csv").write_text(f"{head}\nnan,{row.partition(',')[2]}\n")
    _assert_one_clear_line(folder, "metrics.csv", "rising")


def test_damaged_alpha(folder):
    path = folder / "alphas" / "epoch_002.npz"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    _assert_one_clear_line(folder, "epoch_002.npz")
    np.savez(path, normal=np.zeros((5, 8)))
    _assert_one_clear_line(folder, "epoch_002.npz", "reduce")
    np.savez(path, normal=np.full((5, 8), np.nan), reduce=np.zeros((5, 8)))
    _assert_one_clear_line(folder, "epoch_002.npz", "finite")
    np.savez(path, normal=np.zeros((9, 8)), reduce=np.zeros((9, 8)))
    _assert_one_clear_line(folder, "epoch_002.npz", "shape (5, 8)", "shape (9, 8)")
    for file in (folder / "alphas").iterdir():
        file.unlink()
    _assert_one_clear_line(folder, "alphas", "epoch_001.npz")


@pytest.mark.parametrize("name", ["no_such_space", 1, ["s2"]])
def test_an_unknown_space_is_one_clear_line(folder, name):
    config = json.loads((folder / "config.json").read_text())
    config["settings"] |= {"space": name, "primitive_modules": ["no_such_module"]}
    (folder / "config.json").write_text(json.dumps(config))
    _assert_one_clear_line(folder, "config.json", '"space"', "registered")


def test_strengths_are_those_that_were_saved(folder):
    run = read_run(folder)
    expected = softmax(run.alphas[2]["normal"])
    np.testing.assert_array_equal(run.strengths[2]["normal"], expected)
    path = folder / "alphas" / "epoch_002.npz"
    saved = np.full((5, 8), 0.25)
    np.savez(path, **run.alphas[2], strengths_normal=saved)
    again = read_run(folder)
    np.testing.assert_array_equal(again.strengths[2]["normal"], saved)
    np.testing.assert_array_equal(
        again.strengths[2]["reduce"], run.strengths[2]["reduce"]
    )
    np.savez(path, **run.alphas[2], strengths_normal=saved[1:])
    _assert_one_clear_line(folder, "epoch_002.npz")
