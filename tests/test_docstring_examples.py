"""The examples in docstrings of darts_tf run, but for a few.

An example may use the names of its module and those that its package exports, as a
reader of both finds them.
"""

import ast
import doctest
import importlib
import pathlib
import re
import unittest.mock
from collections.abc import Iterator

import pytest

from darts_tf.convolutional.primitives import registry
from darts_tf.recurrent import activations
from tests.build_files import MODULES, ROOT

# Why an example is not run, by its name.
NOT_RUN = {
    "SearchModel": "searches for a day, on data that are not in the example",
    "RecurrentSearchModel": "searches, on a text that is not in the example",
    "ImageTrainingModel": "trains for days, on data that are not in the example",
    "baseline": "a whole run, as in test_baseline.py of the trainers",
    "search": "a whole run, as in test_search.py of the trainers",
    "train": "a whole run, as in test_eval_cifar.py of the trainers",
    "export": "a whole export, as in test_export.py of the trainers",
}

BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def docstrings() -> Iterator[tuple[str, str, str]]:
    """Yields the module, the name in it and the docstring of all that has one."""
    for path in MODULES:
        if not path.startswith("darts_tf/"):
            continue
        module = ".".join(pathlib.PurePath(path).with_suffix("").parts)
        for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
                name = getattr(node, "name", "the module")
                yield module, name, ast.get_docstring(node) or ""


EXAMPLES = {
    (module, name): text
    for module, name, text in docstrings()
    if "```" in text or ">>>" in text
}
RUN = [key for key in EXAMPLES if key[1] not in NOT_RUN]


def names_for(module: str) -> dict:
    """Returns what the examples of a module find defined."""
    found = importlib.import_module(module)
    return {**vars(importlib.import_module(found.__package__)), **vars(found)}


def run_doctest(text: str, names: dict, title: str) -> None:
    test = doctest.DocTestParser().get_doctest(text, names, title, None, None)
    report = []
    failed, attempted = doctest.DocTestRunner().run(test, out=report.append)
    assert attempted and not failed, "".join(report)


@pytest.fixture(autouse=True)
def surroundings(tmp_path, monkeypatch):
    """A folder to write to, and registries as they were."""
    monkeypatch.chdir(tmp_path)
    with (
        unittest.mock.patch.dict(registry._REGISTRY),
        unittest.mock.patch.dict(activations._ACTIVATIONS),
    ):
        yield


@pytest.mark.parametrize("module, name", RUN)
def test_an_example_runs(module, name):
    text, names, title = EXAMPLES[module, name], names_for(module), f"{module}: {name}"
    blocks = BLOCK.findall(text)
    for block in blocks:
        exec(compile(block, title, "exec"), names)
    if not blocks:
        run_doctest(text, names, title)


def test_what_is_not_run_is_there_and_compiles():
    left = {name: text for (_, name), text in EXAMPLES.items() if name in NOT_RUN}
    assert left.keys() == NOT_RUN.keys()
    for text in left.values():
        doctests = doctest.DocTestParser().get_examples(text)
        sources = BLOCK.findall(text) + [example.source for example in doctests]
        assert sources
        for source in sources:
            compile(source, "example", "exec")
