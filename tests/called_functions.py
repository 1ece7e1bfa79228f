"""Functions that tests call in processes of their own."""

import os
import pathlib
import signal
import time

from darts_tf.errors import UserError
from darts_tf.fresh_process import FreshProcesses


def process_of(variable):
    """Returns its process, and a variable of the environment."""
    print("not the answer", flush=True)
    return {"process": os.getpid(), "value": os.environ.get(variable)}


def refuse(reason):
    raise UserError(reason)


def fail():
    raise RuntimeError("a mistake in the code")


def kill_itself():
    os.kill(os.getpid(), signal.SIGKILL)


def wait(path):
    """Says by a file that it has begun, and waits."""
    pathlib.Path(path).write_text(str(os.getpid()))
    time.sleep(60)


class Trials:
    """A class, one of whose functions is called."""

    @staticmethod
    def double(number):
        return 2 * number


def call_and_wait(path):
    """Calls a function that does not end."""
    with FreshProcesses(uses_keras=False) as processes:
        processes.call(wait, {"path": path})
