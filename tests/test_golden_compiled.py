"""The golden tests of search networks with all programs compiled by XLA."""

import os
import pathlib
import subprocess
import sys
import xml.etree.ElementTree

import pytest

from tests.conftest import REPOSITORY
from tests.golden_traces import COMPILED

TESTS = pathlib.Path("tests")
FILES = [
    TESTS / "test_golden_search.py",
    *(
        path.relative_to(REPOSITORY)
        for path in sorted((REPOSITORY / TESTS / "variants").glob("test_golden_*.py"))
    ),
]


@pytest.mark.long
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_golden_file(path, golden_folder, tmp_path, record_property):
    results = tmp_path / "results.xml"
    environment = {COMPILED: "1", "DARTS_TF_GOLDEN": str(golden_folder.resolve())}
    options = ["-m", "", "-p", "no:cacheprovider", f"--basetemp={tmp_path / 'folders'}"]
    process = subprocess.run(
        [sys.executable, "-m", "pytest", path, f"--junitxml={results}", *options],
        cwd=REPOSITORY,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    assert process.returncode == pytest.ExitCode.OK, process.stdout[-20_000:]
    suite = xml.etree.ElementTree.parse(results).find("testsuite")
    assert int(suite.get("tests")) and not int(suite.get("skipped"))
    notes = [found.get("value") for found in suite.iter("property")]
    if notes:
        largest = max(notes, key=lambda note: float(note.split()[0]))
        record_property("largest relative error", largest)
