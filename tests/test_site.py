"""The site of the documentation builds without warnings, and its reference is whole."""

import ast
import functools
import pathlib
import re
import subprocess
import sys

import pytest

from tests.build_files import MODULES, ROOT

pytestmark = pytest.mark.long

PACKAGES = sorted(path.parent.name for path in ROOT.glob("darts_tf/*/__init__.py"))


@functools.cache
def described(package: str) -> list[str]:
    """Returns the dotted names of what a package describes: classes and functions."""
    names = []
    for module in MODULES:
        parts = pathlib.PurePath(module).with_suffix("").parts
        if parts[:2] == ("darts_tf", package) and parts[-1] != "__init__":
            for node in ast.parse((ROOT / module).read_text("utf-8")).body:
                if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                    private = node.name.startswith("_")
                    if not private and ast.get_docstring(node):
                        names.append(".".join([*parts, node.name]))
    return names


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    pytest.importorskip(
        "mkdocs", reason="mkdocs is not installed: pip install --group docs"
    )
    folder = tmp_path_factory.mktemp("site")
    build = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert build.returncode == 0, build.stderr
    return folder


@pytest.mark.parametrize("package", PACKAGES)
def test_the_reference_has_all_that_is_described(site, package):
    page = (site / "reference" / f"darts_tf.{package}" / "index.html").read_text()
    headings = set(re.findall(r'<h\d id="([\w.]+)"', page))
    assert [name for name in described(package) if name not in headings] == []


def test_the_reference_has_arguments(site):
    page = (site / "reference" / "darts_tf.convolutional" / "index.html").read_text()
    start = page.index('id="darts_tf.convolutional.search_network.SearchNetwork"')
    parameters = page.index("Parameters:", start)
    assert "<code>num_classes</code>" in page[parameters : parameters + 2000]


def test_the_reference_describes_settings(site):
    page = (site / "reference" / "darts_tf.experiments" / "index.html").read_text()
    start = page.index('id="darts_tf.experiments.search_settings.SearchSettings.order"')
    assert "Gradient of the architecture" in page[start : start + 3000]


def test_the_front_page_is_the_readme(site):
    page = (site / "index.html").read_text()
    assert 'href="performance/"' in page and "./quickstart" in page
