"""How processes begin without a standard stream, and end by an interruption."""

import pathlib
import signal
import subprocess
import sys

import pytest

# Resolved, because Bazel runs a test through links into the source tree.
REPOSITORY = pathlib.Path(__file__).resolve().parent.parent


def run(code, redirections=""):
    """Runs Python code after `prepare_terminal`; redirections are the shell's."""
    code = f"from darts_tf.terminal import prepare_terminal\nprepare_terminal()\n{code}"
    return subprocess.run(
        ["bash", "-c", f'exec "$0" -c "$1" {redirections}', sys.executable, code],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"])
def test_closed_streams_take_what_is_printed(closed, tmp_path):
    path = tmp_path / "file"
    result = run(
        "import sys\nprint('out')\nprint('error', file=sys.stderr)\n"
        f"with open({str(path)!r}, 'w') as file:\n"
        "    file.write(str(file.fileno()))",
        closed,
    )
    assert result.returncode == 0 and "Traceback" not in result.stderr
    # What is written to a standard stream elsewhere never lands in another file.
    assert int(path.read_text()) > 2


def test_names_that_are_no_text_are_printed():
    result = run(r"print('caf\udce9')")
    assert (result.returncode, result.stdout) == (0, "caf\\udce9\n")


def test_an_interruption_has_no_traceback():
    # Where the tests run in the background, the signal comes ignored.
    taken = "signal.signal(signal.SIGINT, signal.default_int_handler)"
    result = run(f"import os, signal\n{taken}\nos.kill(os.getpid(), signal.SIGINT)")
    assert result.stderr == "\nInterrupted.\n"
    assert result.returncode == -signal.SIGINT


def test_mistakes_keep_their_traceback():
    assert "ZeroDivisionError" in run("1 / 0").stderr
