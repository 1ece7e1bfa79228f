"""`.venv/`, made once however many ask for it, by a program that stands for Python."""

import os
import pathlib
import shutil
import subprocess
import time

import pytest

# Resolved, because Bazel runs a test through links into the source tree.
REPOSITORY = pathlib.Path(__file__).resolve().parent.parent

# As Python, `venv` and `pip` do, as far as .ci/environment asks; slow enough to be met
# by a second call. A module runs only in a whole environment.
PYTHON = r"""#!/usr/bin/env bash
set -eu
case "$*" in
  -c*) ;;
  "-m venv --clear .venv")
    echo made >>made
    rm -rf .venv
    mkdir -p .venv/bin
    cp "$0" .venv/bin/python ;;
  "-m pip install"*)
    touch .venv/first
    sleep 0.2
    [[ -e .venv/first ]] || { echo "cleared under pip" >&2; exit 1; }
    touch .venv/second ;;
  "-m trainers.search"*)
    [[ -e .venv/first && -e .venv/second ]] || { echo "no keras" >&2; exit 1; }
    sleep "${RUNS_FOR:-0}"
    [[ -e .venv/second ]] || { echo "cleared under a run" >&2; exit 1; }
    echo searched ;;
  *) echo "unexpected: $*" >&2; exit 1 ;;
esac
"""


@pytest.fixture
def call(tmp_path):
    """Starts ./quickstart in a copy of what it needs, with more in its environment."""
    for name in (".ci/environment", "quickstart", "requirements.txt", "pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(REPOSITORY / name, tmp_path / name)
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "python3.11").write_text(PYTHON)
    (programs / "python3.11").chmod(0o755)
    path = f"{programs}:{os.environ['PATH']}"

    def start(**variables):
        return subprocess.Popen(
            [tmp_path / "quickstart"],
            env={**os.environ, "PATH": path, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def check(process):
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 0 and "searched" in output, errors


def test_two_at_once_make_one_environment(call, tmp_path):
    for process in [call(), call()]:
        check(process)
    check(call())
    assert (tmp_path / "made").read_text() == "made\n"


def test_a_run_is_not_disturbed(call, tmp_path):
    check(call())
    run = call(RUNS_FOR="1")
    (tmp_path / "requirements.txt").write_text("another\n")
    check(call())
    check(run)
    assert (tmp_path / "made").read_text() == "made\nmade\n"


def test_an_interrupted_installation_is_made_anew(call, tmp_path):
    check(call())
    (tmp_path / "requirements.txt").write_text("another\n")
    process = call()
    while (tmp_path / "made").read_text() != "made\nmade\n":
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.communicate()
    assert not (tmp_path / ".venv" / "installed").exists()
    check(call())
