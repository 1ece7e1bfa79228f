"""The BUILD files say what the modules import, and imports follow the data flow."""

import ast
import pathlib

import pytest

from tests.build_files import (
    LAYERS,
    MODULES,
    ROOT,
    build_file,
    build_paths,
    import_order,
    imported_files,
    layer,
)

PATHS = build_paths()


@pytest.mark.parametrize("path", PATHS)
def test_a_build_file_is_current(path):
    text = (ROOT / path).read_text()
    assert text == build_file(path), "python -m tests.build_files writes it anew"


@pytest.mark.parametrize("path", PATHS)
def test_names_of_targets_differ(path):
    statements = ast.parse(build_file(path)).body
    keywords = [x for statement in statements for x in statement.value.keywords]
    names = [ast.literal_eval(x.value) for x in keywords if x.arg == "name"]
    assert sorted(names) == sorted(set(names)), "no module is named as its package"


def test_no_build_file_is_left_over():
    folders = {pathlib.PurePath(module).parts[0] for module in MODULES}
    found = {p for folder in folders for p in (ROOT / folder).rglob("BUILD")}
    assert {p.relative_to(ROOT).as_posix() for p in found} == {*PATHS}


def rank(module):
    return LAYERS.index(layer(module)) if layer(module) else -1


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_up_the_data_flow(module):
    up = {m for m in imported_files(module) if rank(m) > rank(module)}
    # What a package shows of itself stands in the file at the top of all.
    assert not up or module == "darts_tf/__init__.py"


def test_no_modules_import_each_other_in_a_circle():
    assert set(import_order()) == set(MODULES)
