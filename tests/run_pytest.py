"""The main of every Bazel test: runs the test file that it is given."""

import sys

import pytest

if __name__ == "__main__":
    # Without the selection of pyproject.toml: what takes long is tagged "manual".
    sys.exit(pytest.main(["-p", "no:cacheprovider", "-m", "", *sys.argv[1:]]))
