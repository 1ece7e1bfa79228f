"""The frame of every binary: its flags, its errors and its end."""

import contextlib
import pathlib
import shutil
import signal
import sys

from absl import app, flags, logging

from darts_tf.errors import UserError, end_program
from darts_tf.failures import failures_explained
from flags.help_page import help_page

_COLUMNS = (60, 80)


class InterruptionError(UserError):
    """Ctrl-C; the exit code is that of a process which its signal ended."""

    exit_code = 128 + signal.SIGINT


def run(main, groups, doc, argument=None, verbosity=logging.WARNING):
    """Runs a binary: its flags, itself, and one line for what goes wrong.

    Args:
        main: Function that is called when the flags are parsed; with the argument of
            the command line, where there is to be one.
        groups: Its flags by group, as `define` of its flags returns them.
        doc: What `--help` says of it, the docstring of its module.
        argument: What `--help` calls that one argument, or `None`; in brackets and with
            three dots, `[RUN ...]`, there may be any number of them.
        verbosity: Of absl's log, which TensorFlow writes to.
    """
    app.define_help_flags()
    for name, short_name in (("help", "?"), ("helpshort", None)):
        flags.DEFINE_flag(_HelpFlag(name, short_name, groups, doc, argument))

    def start(argv):
        logging.set_verbosity(verbosity)
        main(*_arguments(argv[1:], argument))

    with ended_by_one_line(sys.argv[0]):
        app.run(start, flags_parser=flags.FLAGS)


@contextlib.contextmanager
def ended_by_one_line(path):
    """Within, all that is no mistake in the code ends the binary of this path."""
    name = _name(path)
    try:
        with failures_explained(), _interruptions_kept():
            yield
    except flags.Error as error:
        reason = " ".join(str(error).split())
        reason = reason if reason.endswith((".", "?")) else f"{reason}."
        end_program(name, UserError(f"{reason} --help lists all flags."))
    except UserError as error:
        end_program(name, error, flags.FLAGS)
    except KeyboardInterrupt as interruption:
        # The line that the terminal begins with ^C is ended first.
        print(file=sys.stderr)
        text = " ".join(["Interrupted.", *interruption.args])
        end_program(name, InterruptionError(text))


@contextlib.contextmanager
def continued_by_same_command(output):
    """Within, an interruption says how the run in the folder `output` goes on."""
    try:
        with _interruptions_kept():
            yield
    except KeyboardInterrupt as error:
        raise KeyboardInterrupt(
            f"The same command with --output={output} continues."
        ) from error


@contextlib.contextmanager
def _interruptions_kept():
    """Within, an interruption stays one that TensorFlow makes another error of.

    Its code in C may go on with a call after Python has raised the `KeyboardInterrupt`,
    which Python then takes for a mistake of that code.
    """
    came = False

    def interrupt(number, frame):
        nonlocal came
        came = True
        before(number, frame)

    before = signal.getsignal(signal.SIGINT)
    # Not where interruptions are ignored, as in what a shell runs in the background.
    if not callable(before):
        yield
        return
    signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    except SystemError as error:
        if came:
            raise KeyboardInterrupt from error
        raise
    finally:
        signal.signal(signal.SIGINT, before)


def _arguments(received, argument):
    if argument and argument.endswith("...]"):
        return received
    if argument and len(received) != 1:
        raise UserError(f"Expected one argument, {argument}; got {len(received)}.")
    if not argument and received:
        raise UserError(
            f"Unexpected argument: {received[0]}. Flags begin with --; --help lists "
            "them."
        )
    return received


def _name(path):
    """The module or package of a script's path, or an installed command's name."""
    path = pathlib.Path(path)
    if path.suffix != ".py":
        return path.name
    path = path.parent if path.stem == "__main__" else path.with_suffix("")
    return ".".join(path.parts[-2:])


class _HelpFlag(flags.BooleanFlag):
    """Prints the flags of the binary, and ends it."""

    def __init__(self, name, short_name, groups, doc, argument):
        super().__init__(name, False, "show this help", short_name, allow_override=True)
        self._groups, self._doc, self._argument = groups, doc, argument

    def parse(self, argument):
        if not self._parse(argument):
            return
        name = _name(sys.argv[0])
        call = f"python -m {name}" if "." in name else name
        words = [call, self._argument, "[flags]"]
        command = " ".join(filter(None, words))
        least, most = _COLUMNS
        width = max(least, min(shutil.get_terminal_size().columns, most))
        print(help_page(self._doc, command, self._groups, flags.FLAGS, width))
        sys.exit()
