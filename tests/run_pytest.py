"""The main of every Bazel test: runs the test file that it is given.

What takes long is left out, as in the usual run, unless there is nothing else in the
file; the target of such a file is tagged "manual".
"""

import sys

import pytest

if __name__ == "__main__":
    arguments = ["-p", "no:cacheprovider", *sys.argv[1:]]
    code = pytest.main(arguments)
    if code == pytest.ExitCode.NO_TESTS_COLLECTED:
        code = pytest.main([*arguments, "-m", ""])
    sys.exit(code)
