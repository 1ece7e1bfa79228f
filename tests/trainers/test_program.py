import errno
import os
import signal

import pytest
import tensorflow as tf

from darts_tf.errors import UserError
from tests.trainers.trainer_process import run
from trainers import export, program, search

BINARY = "somewhere/trainers/search.py"


def ending(capsys, main, *arguments, argument=None):
    """Calls a binary that fails; returns its exit code and what it says."""
    with pytest.raises(SystemExit) as caught:
        program.call(main, [BINARY, *arguments], argument)
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


def test_a_mistake_keeps_its_traceback():
    with pytest.raises(ZeroDivisionError):
        program.call(raising(ZeroDivisionError()), [BINARY])


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


def test_arguments(capsys):
    code, text = ending(capsys, lambda: None, "stray")
    assert code == 1 and "Unexpected argument: stray." in text
    for arguments in ((), ("a", "b")):
        code, text = ending(capsys, print, *arguments, argument="CHECKPOINT")
        assert code == 1
        assert f"Expected one argument, CHECKPOINT; got {len(arguments)}." in text
    received = []
    program.call(received.append, [BINARY, "a.pt"], "CHECKPOINT")
    assert received == ["a.pt"]


def test_help_in_a_process():
    result = run(search, "--help")
    assert result.returncode == 0 and "Traceback" not in result.stderr
    assert result.stdout.startswith("Searches convolutional cells: ")
    assert "  python -m trainers.search [flags]\n" in result.stdout
    assert "--epochs=INTEGER" in result.stdout
    assert "tf_xla" not in result.stdout


def test_a_wrong_flag_points_to_the_help():
    result = run(search, "--epohcs=3")
    assert result.returncode == 1 and not result.stdout
    (line,) = result.stderr.splitlines()
    assert line.startswith("trainers.search: ") and "Did you mean: epochs" in line
    assert line.endswith("--help lists all flags.")


def test_sigterm_leaves_nothing_of_an_export(monkeypatch, capsys):
    ended = []

    def interrupted(config):
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            ended.append(config)

    monkeypatch.setattr(export, "export_run", interrupted)
    monkeypatch.setattr(export.export_flags, "to_config", lambda: "config")
    before = signal.getsignal(signal.SIGTERM)
    code, text = ending(capsys, export.main)
    assert code == 143 and "Ended by SIGTERM" in text
    assert ended == ["config"] and signal.getsignal(signal.SIGTERM) == before
