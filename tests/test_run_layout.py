import ast
import functools

import pytest

from darts_tf import run_layout
from tests.build_files import MODULES, ROOT

NAMES = {
    name: value
    for name, value in vars(run_layout).items()
    if name.endswith(("_FILE", "_FOLDER"))
}
# What no page need name.
INNER = ("LOCK_FILE", "BEST_CHECKPOINT_FOLDER", "EXPORT_FOLDER")
# A file of Keras inside its own archive, which has the name of ours.
OTHERS = {("darts_tf/keras_file.py", "config.json")}


@functools.cache
def texts_of(module):
    """Returns all text in a module's code, of which docstrings are no part."""
    nodes = [*ast.walk(ast.parse((ROOT / module).read_text("utf-8")))]
    docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    constants = [node for node in nodes if isinstance(node, ast.Constant)]
    values = [node.value for node in constants if id(node) not in docstrings]
    return [value for value in values if isinstance(value, str)]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_written_once(name):
    value = NAMES[name]
    written = value if name.endswith("_FILE") else f"{value}/"
    found = {
        (module, written)
        for module in MODULES
        if module.startswith(("darts_tf/", "flags/", "trainers/"))
        and module != "darts_tf/run_layout.py"
        and any(written in text for text in texts_of(module))
    }
    assert found - OTHERS == set()


def test_the_pages_name_what_a_folder_holds():
    pages = ("searching", "training", "recurrent")
    text = "".join((ROOT / f"docs/{x}.md").read_text("utf-8") for x in pages)
    spans = [
        f"`{value}`" if name.endswith("_FILE") else f"`{value}/`"
        for name, value in NAMES.items()
        if name not in INNER
    ]
    assert [span for span in spans if span not in text] == []


def test_epochs_stand_in_names():
    assert run_layout.genotype_file(7) == "genotypes/epoch_007.json"
    assert run_layout.alpha_file(1000) == "alphas/epoch_1000.npz"
    assert run_layout.cell_drawing("best", "normal") == "cells/best_normal"
    assert run_layout.checkpoint_name(0) == "epoch_0000"


def test_alpha_is_found_in_the_order_of_epochs(tmp_path):
    (tmp_path / "alphas").mkdir()
    for name in ("epoch_1000.npz", "epoch_999.npz", "epoch_x.npz", "epoch_001.json"):
        (tmp_path / "alphas" / name).touch()
    found = run_layout.alpha_files(tmp_path)
    assert list(found) == [999, 1000]
    assert found[999] == tmp_path / "alphas" / "epoch_999.npz"


def test_genotypes_are_found_in_the_order_of_epochs(tmp_path):
    (tmp_path / "genotypes").mkdir()
    for name in ("epoch_1000.json", "epoch_999.json", "epoch_001.npz"):
        (tmp_path / "genotypes" / name).touch()
    assert list(run_layout.genotype_files(tmp_path)) == [999, 1000]


def test_checkpoints_are_found_newest_first(tmp_path):
    for name in ("epoch_0002", "epoch_10000", "epoch_9999", "best_0001"):
        (tmp_path / f"{name}.index").touch()
    (tmp_path / "epoch_10001_temp").mkdir()
    names = [path.name for path in run_layout.checkpoint_prefixes(tmp_path)]
    assert names == ["epoch_10000", "epoch_9999", "epoch_0002"]


def test_what_is_no_folder_holds_no_epochs(tmp_path):
    assert run_layout.alpha_files(tmp_path / "none") == {}
