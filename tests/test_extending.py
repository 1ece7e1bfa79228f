"""The code in docs/extending.md runs as it stands there, and so does some of README.md.

What the code of the pages claims, it asserts itself.
"""

import re
import unittest.mock

import pytest

from darts_tf.convolutional.primitives import registry
from darts_tf.experiments import kinds
from darts_tf.recurrent import activations
from tests.build_files import ROOT

PAGE = ROOT / "docs" / "extending.md"
SECTIONS = (
    "A primitive",
    "An activation",
    "A search space",
    "A kind of run",
    "A setting and its flag",
    "A source of data",
)
# What the code adds names to, which are taken out again afterwards.
REGISTRIES = (registry._REGISTRY, activations._ACTIVATIONS, kinds._KINDS)

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


def run(path, code: str) -> dict:
    """Runs code of a page, so that errors show its lines; returns its names."""
    names = {"__name__": "code_of_a_page"}
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


def test_the_readme_shows_what_a_network_costs(capsys):
    path = ROOT / "README.md"
    blocks = BLOCK.finditer(path.read_text("utf-8"))
    (block,) = (block for block in blocks if "network_cost" in block[1])
    run(path, block[1])
    # The paper's table 2: 4.7 million weights.
    assert " 4,718,752 " in capsys.readouterr().out.splitlines()[-1]
