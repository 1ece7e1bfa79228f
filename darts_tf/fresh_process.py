"""A function call in a process of its own, whose memory is given back at its end.

A process begins with `python -m darts_tf.fresh_process`, reads what to call from
its input, and writes what came of it. Where the caller ends, however it ends, the
process does too: nothing trains on that nobody waits for. It lies here, beside no
package that would import TensorFlow before its settings are there.
"""

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from darts_tf.errors import UserError

_ERROR, _RESULT = "error", "result"


class FreshProcesses:
    """Processes that call a function each, from several threads if need be.

    Leaving its context kills those that still run.

    Args:
        uses_keras: Whether they import Keras and TensorFlow before all else.
    """

    def __init__(self, uses_keras: bool = True):
        self._uses_keras = uses_keras
        self._running: set[subprocess.Popen] = set()
        self._ended = False
        self._lock = threading.Lock()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with self._lock:
            self._ended = True
            running = [*self._running]
        for process in running:
            process.kill()

    def call(
        self,
        function: Callable,
        arguments: Mapping[str, Any],
        environment: Mapping[str, str] | None = None,
        name: str = "A process",
    ) -> Any:
        """Calls a function in a process of its own.

        Args:
            function: It stands in a module that can be imported.
            arguments: Its arguments by name, what JSON can hold.
            environment: Variables of the environment, beside those that are there.
            name: What an error calls the process.

        Returns:
            What the function returned, as JSON holds it.

        Raises:
            UserError: If the function raised one, or the process ended before its time.
        """
        request = {
            "module": function.__module__,
            "function": function.__qualname__,
            "arguments": arguments,
            "uses_keras": self._uses_keras,
        }
        with (
            tempfile.TemporaryFile() as errors,
            self._started(environment, errors) as process,
        ):
            try:
                process.stdin.write(json.dumps(request) + "\n")
                process.stdin.flush()
            except BrokenPipeError:
                pass  # it has ended, as its exit code says
            answer = process.stdout.read()
            # Only a whole answer has its last line break.
            if not answer.endswith("\n"):
                code = process.wait()
                errors.seek(0)
                sys.stderr.write(errors.read().decode(errors="backslashreplace"))
                raise UserError(f"{name} {_end_of(code)}.")
        found = json.loads(answer)
        if _ERROR in found:
            raise UserError(found[_ERROR])
        return found[_RESULT]

    @contextlib.contextmanager
    def _started(self, environment, errors) -> Iterator[subprocess.Popen]:
        with self._lock:
            if self._ended:
                raise UserError("The search has ended.")
            process = subprocess.Popen(
                [sys.executable, "-m", __name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=_environment(environment or {}),
                encoding="utf-8",
                # Ctrl-C ends the caller alone, which ends the process.
                start_new_session=True,
            )
            self._running.add(process)
        try:
            yield process
        finally:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
            process.stdout.close()
            process.wait()
            with self._lock:
                self._running.discard(process)


def _environment(more):
    # What the caller can import, the process can: modules of a user's own, too.
    path = os.pathsep.join(folder or os.getcwd() for folder in sys.path)
    return {**os.environ, "PYTHONPATH": path, **more}


def _end_of(code):
    """How a process has ended that has given no answer, in words."""
    if code is not None and code < 0:
        name = signal.Signals(-code).name
        return f"was ended by {name}, for which a lack of memory may be the cause"
    return f"ended without a result, with exit code {code}"


def main() -> None:
    """Calls what the input says, and writes what came of it."""
    # Whatever else is printed must not stand in the answer.
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    request = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_caller, daemon=True).start()
    answer.write(json.dumps(_answer(request)) + "\n")
    answer.close()


def _end_with_caller():
    sys.stdin.read()
    os._exit(1)


def _answer(request):
    surroundings = contextlib.nullcontext
    if request["uses_keras"]:
        # Before all that imports TensorFlow.
        importlib.import_module("darts_tf.startup").import_keras()
        failures = importlib.import_module("darts_tf.failures")
        surroundings = failures.failures_explained
    try:
        with surroundings():
            function = importlib.import_module(request["module"])
            for part in request["function"].split("."):
                function = getattr(function, part)
            return {_RESULT: function(**request["arguments"])}
    except UserError as error:
        return {_ERROR: str(error)}


if __name__ == "__main__":
    main()
