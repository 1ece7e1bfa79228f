"""The code in README.md and in pages of docs/ runs as it stands.

What the code of the pages claims, it asserts itself.
"""

import re
import unittest.mock
from collections.abc import Mapping
from types import MappingProxyType

import pytest
import tensorflow as tf

from darts_tf import presets, zoo
from darts_tf.convolutional.primitives import registry
from darts_tf.costs import registry as costs
from darts_tf.experiments import kinds
from darts_tf.methods import registry as methods
from darts_tf.recurrent import activations
from darts_tf.rivals import registry as rivals
from darts_tf.spaces import registry as spaces
from darts_tf.zero_cost import registry as zero_cost
from darts_tf.zoo import registry as zoo_registry
from tests.build_files import ROOT
from tests.comparison.made_runs import image_search, image_training
from tests.spaces.small_table import write_nasbench201

PAGE = ROOT / "docs" / "extending.md"
SECTIONS = (
    "A primitive",
    "An activation",
    "A search space",
    "A search method",
    "A kind of run",
    "A setting and its flag",
    "A source of data",
)
# Pages whose code is run by tests of their subject.
RUN_ELSEWHERE = {
    "photographs.md": "tests/serving/test_image_export.py",
    "serving.md": "tests/serving/, by programs without this project",
}
# What the code adds names to, which are taken out again afterwards.
REGISTRIES = (
    registry._REGISTRY,
    activations._ACTIVATIONS,
    kinds._KINDS,
    spaces._SPACES,
    methods._PRESETS,
    costs._COSTS,
    rivals._STRATEGIES,
    zero_cost._SCORES,
    zoo_registry._ROWS,
    presets._PRESETS,
)

HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def code_by_section(text: str) -> dict[str, str]:
    """Returns the Python code of each section, in the lines in which it stands."""
    found = {}
    for block in BLOCK.finditer(text):
        title = HEADING.findall(text, 0, block.start())[-1]
        code, start = found.get(title, ""), text.count("\n", 0, block.start(1))
        found[title] = code + "\n" * (start - code.count("\n")) + block[1]
    return found


def run(path, code: str, names: Mapping[str, object] = MappingProxyType({})) -> dict:
    """Runs code of a page, so that errors show its lines; returns its names.

    Args:
        path: The page.
        code: The code.
        names: What it finds defined.
    """
    names = {"__name__": "code_of_a_page", **names}
    exec(compile(code, str(path), "exec"), names)
    return names


@pytest.fixture(autouse=True)
def surroundings(tmp_path, monkeypatch):
    """A folder to write to, and registries as they were."""
    monkeypatch.chdir(tmp_path)
    patches = [unittest.mock.patch.dict(names) for names in REGISTRIES]
    for patch in patches:
        patch.start()
    yield
    for patch in patches:
        patch.stop()


def test_every_section_has_code():
    text = PAGE.read_text("utf-8")
    assert tuple(HEADING.findall(text)) == tuple(code_by_section(text)) == SECTIONS


@pytest.mark.parametrize("section", SECTIONS)
def test_the_code_of_a_section_runs(section):
    code = code_by_section(PAGE.read_text("utf-8"))[section]
    assert "assert " in code
    run(PAGE, code)


METHODS = ROOT / "docs" / "methods.md"


def test_a_method_of_ones_own():
    (code,) = BLOCK.findall(METHODS.read_text("utf-8"))
    run(METHODS, code)


README = ROOT / "README.md"
(TASKS,) = BLOCK.findall(README.read_text("utf-8"))
PYTHON = ROOT / "docs" / "python.md"
(SEARCH, COST) = BLOCK.findall(PYTHON.read_text("utf-8"))


@pytest.mark.long
def test_the_readme_searches_trains_and_exports(capsys):
    found = run(README, TASKS)["found"]
    printed = capsys.readouterr().out
    assert str(found.best) in printed and "served/1: saved_model" in printed


@pytest.mark.long
def test_a_search_network_is_fitted(capsys):
    code = SEARCH.replace("epochs=50", "epochs=1")
    run(PYTHON, code, {"pairs": pairs_of_images()})
    assert "normal cell" in capsys.readouterr().out


def pairs_of_images() -> tf.data.Dataset:
    """Returns one batch for w and for alpha, in place of the data of the page."""
    images = tf.random.stateless_uniform([2, 32, 32, 3], [1, 2])
    labels = tf.constant([0, 1])
    batch = tf.data.Dataset.from_tensors((images, labels))
    return tf.data.Dataset.zip((batch, batch))


def test_what_a_network_costs_is_shown(capsys):
    run(PYTHON, COST)
    # The paper's table 2: 4.7 million weights.
    assert " 4,718,752 " in capsys.readouterr().out.splitlines()[-1]


def test_the_space_of_motifs():
    page = PAGE.with_name("spaces.md")
    ((title, code),) = code_by_section(page.read_text("utf-8")).items()
    assert title == "Hierarchical evolution"
    run(page, code)


def test_presets_and_a_row_of_ones_own():
    page = PAGE.with_name("zoo.md")
    presets_code, row_code = BLOCK.findall(page.read_text("utf-8"))
    names = run(page, presets_code)
    assert len(names["network"].cells) == 8 and names["other"].depth == 22
    run(page, row_code)
    network = zoo.build("densenet_small_cifar10", num_classes=3)
    assert (network.depth, network.num_classes) == (40, 3)


def test_rivals_and_one_of_ones_own():
    page = PAGE.with_name("rivals.md")
    search_code, own_code = BLOCK.findall(page.read_text("utf-8"))
    run(page, own_code, run(page, search_code))


def test_tuners_of_keras_tuner():
    page = PAGE.with_name("tuning.md")
    tf.config.run_functions_eagerly(True)
    try:
        run(page, "\n".join(code_by_section(page.read_text("utf-8")).values()))
    finally:
        tf.config.run_functions_eagerly(False)


def test_scores_without_training_and_one_of_ones_own():
    page = PAGE.with_name("zero_cost.md")
    scores_code, own_code = BLOCK.findall(page.read_text("utf-8"))
    run(page, own_code, run(page, scores_code))


def test_costs_of_a_space_and_one_of_ones_own():
    page = PAGE.with_name("cost.md")
    space_code, own_code = BLOCK.findall(page.read_text("utf-8"))
    run(page, own_code, run(page, space_code))


def test_a_search_by_trials(tmp_path):
    page = PAGE.with_name("baselines.md")
    write_nasbench201(tmp_path / "nasbench201.npz")
    (code,) = BLOCK.findall(page.read_text("utf-8"))
    run(page, code)


def test_a_comparison_of_two_runs(tmp_path, monkeypatch, capsys):
    page = PAGE.with_name("comparison.md")
    search = image_search(tmp_path / "runs/search-1", [0.5, 0.6])
    image_training(tmp_path / "runs/eval-1", 3.5, search=search)
    monkeypatch.chdir(tmp_path)
    (code,) = BLOCK.findall(page.read_text("utf-8"))
    run(page, code)
    assert "darts, second order (search-1)" in capsys.readouterr().out
    assert (tmp_path / "comparison/comparison.html").exists()


def test_all_code_of_pages_is_run_by_a_test():
    pages = [README, *(ROOT / "docs").glob("*.md")]
    with_code = {page.name for page in pages if BLOCK.search(page.read_text("utf-8"))}
    own = {"README.md", "extending.md", "methods.md", "python.md", "rivals.md"}
    alone = {"baselines.md", "comparison.md", "cost.md", "tuning.md", "zero_cost.md"}
    alone |= {"spaces.md", "zoo.md"}
    assert with_code == {*own, *alone, *RUN_ELSEWHERE}
