import errno
import os
import signal

import pytest
import tensorflow as tf

from darts_tf.errors import UserError
from tests.trainers.trainer_process import run
from trainers import export, import_weights, program, search

BINARY = "somewhere/trainers/search.py"


def ending(capsys, main, binary=BINARY):
    """Calls a binary that fails; returns its exit code and what it says."""
    with pytest.raises(SystemExit) as caught, program.ended_by_one_line(binary):
        main()
    printed = capsys.readouterr()
    assert not printed.out
    return caught.value.code, printed.err


def raising(error):
    def main():
        raise error

    return main


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (UserError("It is\nwrong."), r"It is\nwrong."),
        (OSError(errno.EACCES, "Permission denied", "a/b"), "a/b: Permission denied."),
        (tf.errors.DataLossError(None, None, "a/b is short"), "a/b is short."),
        (MemoryError(), "Out of memory."),
    ],
)
def test_a_failure_is_one_line(capsys, error, message):
    code, text = ending(capsys, raising(error))
    assert code == 1 and text.startswith(f"trainers.search: {message}")
    assert text.count("\n") == 1


@pytest.mark.parametrize(
    ("path", "name"),
    [("a/benchmarks/rivals/__main__.py", "benchmarks.rivals"), ("bin/darts", "darts")],
)
def test_a_failure_names_the_package_or_the_command(capsys, path, name):
    _, text = ending(capsys, raising(UserError("It is wrong.")), path)
    assert text == f"{name}: It is wrong.\n"


def test_a_mistake_keeps_its_traceback():
    with pytest.raises(ZeroDivisionError), program.ended_by_one_line(BINARY):
        raise ZeroDivisionError


def test_an_interruption(capsys):
    code, text = ending(capsys, raising(KeyboardInterrupt()))
    assert (code, text) == (130, "\ntrainers.search: Interrupted.\n")


def test_an_interruption_of_a_run_says_how_it_continues(capsys):
    def main():
        with program.continued_by_same_command("runs/a"):
            os.kill(os.getpid(), signal.SIGINT)

    code, text = ending(capsys, main)
    expected = "Interrupted. The same command with --output=runs/a continues."
    assert (code, text) == (130, f"\ntrainers.search: {expected}\n")


def test_an_interruption_that_became_another_error(capsys):
    def main():
        with program.continued_by_same_command("runs/a"):
            try:
                os.kill(os.getpid(), signal.SIGINT)
            finally:
                raise SystemError("bad argument to internal function")

    before = signal.getsignal(signal.SIGINT)
    code, text = ending(capsys, main)
    expected = "Interrupted. The same command with --output=runs/a continues."
    assert (code, text) == (130, f"\ntrainers.search: {expected}\n")
    assert signal.getsignal(signal.SIGINT) is before


def test_an_error_of_the_interpreter_keeps_its_traceback():
    with pytest.raises(SystemError), program.ended_by_one_line(BINARY):
        raise SystemError


@pytest.mark.parametrize(
    ("binary", "arguments", "message"),
    [
        (search, ["stray"], "Unexpected argument: stray. Flags begin with --"),
        (import_weights, [], "Expected one argument, CHECKPOINT; got 0."),
        (import_weights, ["a", "b"], "Expected one argument, CHECKPOINT; got 2."),
        (import_weights, [""], "There is no file ''; expected a checkpoint"),
        (search, ["--epohcs=3"], "'epohcs'. Did you mean: epochs ? --help lists"),
        (search, ["--epochs=x\x1b[2J"], r"--epochs=x\x1b[2J"),
    ],
)
def test_a_wrong_command_line(binary, arguments, message):
    required = ["--genotype=DARTS_V2", "--output=a.keras"]
    result = run(binary, *arguments, *(required if binary is import_weights else []))
    assert result.returncode == 1 and not result.stdout
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"{binary.__name__}: ") and message in line


def test_help_in_a_process():
    result = run(search, "--help")
    assert result.returncode == 0 and "Traceback" not in result.stderr
    assert result.stdout.startswith("Searches convolutional cells: ")
    assert "  python -m trainers.search [flags]\n" in result.stdout
    assert "--epochs=INTEGER" in result.stdout
    assert "tf_xla" not in result.stdout


def test_sigterm_leaves_nothing_of_an_export(monkeypatch, capsys):
    ended = []

    def interrupted(config):
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        except Exception as error:  # as readers of damaged files have it
            raise UserError("damaged") from error
        finally:
            ended.append(config)

    monkeypatch.setattr(export, "export_run", interrupted)
    monkeypatch.setattr(export.export_flags, "to_config", lambda: "config")
    before = signal.getsignal(signal.SIGTERM)
    code, text = ending(capsys, export.main)
    assert code == 143 and "Ended by SIGTERM" in text
    assert ended == ["config"] and signal.getsignal(signal.SIGTERM) == before
