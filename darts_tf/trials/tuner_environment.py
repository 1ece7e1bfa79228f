"""The processes of a search by trials, as KerasTuner's environment variables name them.

All run the same command. One of them, the chief, proposes genotypes and writes the
folder; the others, its workers, try them.
"""

import os
import socket
from typing import NamedTuple

from darts_tf.errors import UserError

_TUNER, _HOST, _PORT = (
    "KERASTUNER_TUNER_ID",
    "KERASTUNER_ORACLE_IP",
    "KERASTUNER_ORACLE_PORT",
)
_MOST_PORT = 2**16 - 1


class TunerProcess(NamedTuple):
    """The place of this process among those of a search.

    Attributes:
        name: Its own, which no other process has.
        host: Address or name of the machine of the chief.
        port: Port at which the chief listens.
    """

    name: str
    host: str
    port: int

    @property
    def is_chief(self) -> bool:
        """Whether it is the chief, by KerasTuner's rule."""
        return "chief" in self.name

    @property
    def address(self) -> str:
        """Where the chief listens."""
        return f"{self.host}:{self.port}"

    def check_port(self) -> None:
        """Checks whether the chief can listen where its workers will look for it.

        Raises:
            UserError: If it cannot.
        """
        try:
            family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
            place = (self.host.strip("[]"), self.port)
            socket.create_server(place, family=family).close()
        except OSError as error:
            raise self.cannot_listen(error.strerror or str(error)) from error

    def cannot_listen(self, reason: str) -> UserError:
        """Returns the error of a chief that has no such port."""
        return UserError(
            f"The chief cannot listen at {self.address} ({reason}); {_HOST} and "
            f"{_PORT} name an address of its machine and a free port."
        )


def find_tuner_process() -> TunerProcess | None:
    """Reads KerasTuner's variables.

    Returns:
        The `TunerProcess`, or `None` where none of them is set: then this process
        searches alone.

    Raises:
        UserError: If only some of them are set, or there is no such port.
    """
    values = {name: os.environ.get(name) for name in (_TUNER, _HOST, _PORT)}
    missing = [name for name, value in values.items() if not value]
    if len(missing) == len(values):
        return None
    if missing:
        raise UserError(
            f"The environment lacks {' and '.join(missing)}: a search by several "
            f"processes needs {_TUNER}, {_HOST} and {_PORT}; one alone needs none."
        )
    port = values[_PORT]
    if not (port.isascii() and port.isdecimal() and 0 < int(port) <= _MOST_PORT):
        raise UserError(
            f"{_PORT}={port}: expected the number of a port, from 1 to {_MOST_PORT}."
        )
    return TunerProcess(values[_TUNER], values[_HOST], int(port))
