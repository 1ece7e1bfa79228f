"""The folder of a run: claimed by one process, of one configuration."""

import contextlib
import fcntl
import json
import os
import shutil
from pathlib import Path

from darts_tf.atomic_file import write_atomically
from darts_tf.errors import UserError

CONFIG_FILE = "config.json"
# Settings that do not change what is computed.
FREE_SETTINGS = (
    "data_dir",
    "profile",
    "strategy",
    "devices",
    "logical_devices",
    "worker_timeout",
)
_NEEDED_BYTES = 200 * 2**20


class RunFolder:
    """A folder that holds one run.

    Args:
        path: The folder; it is made when the run is written to, not before.
        format: Name of the format of its configuration.
    """

    def __init__(self, path, format):
        self.path = Path(path)
        self.format = format

    def check(self, settings):
        """Refuses a folder that is no place for a run of these settings.

        Args:
            settings: Dictionary that JSON can hold.

        Raises:
            UserError: If the folder holds other things or a run of other settings,
                cannot be written to, or has no space.
        """
        self._check_writable()
        if self._holds_files():
            self._check_settings(_plain(settings))

    def check_genotype(self, genotype):
        """Refuses to continue a run with other cells, found under the same name.

        Args:
            genotype: `Genotype` or `RecurrentGenotype`.

        Raises:
            UserError: If the folder holds a run of another genotype.
        """
        if not self._holds_files():
            return
        before = self.read_config().get("genotype")
        if before != json.loads(genotype.to_json()):
            raise UserError(
                f"--output={self.path} holds a training of another genotype than "
                "--genotype means now; name a new folder."
            )

    def _holds_files(self):
        return self.path.is_dir() and any(self.path.iterdir())

    def _check_writable(self):
        existing = self.path
        while not existing.exists():
            existing = existing.parent
        if not existing.is_dir():
            raise UserError(f"--output={self.path}: {existing} is not a folder.")
        if not os.access(existing, os.W_OK | os.X_OK):
            raise UserError(f"--output={self.path}: {existing} cannot be written to.")
        free = shutil.disk_usage(existing).free
        if free < _NEEDED_BYTES:
            raise UserError(
                f"--output={self.path}: {free // 2**20} MB are free there, "
                f"{_NEEDED_BYTES // 2**20} MB are needed."
            )

    def _check_settings(self, settings):
        if not (self.path / CONFIG_FILE).exists():
            raise UserError(
                f"--output={self.path} holds other files and no run; name a new folder."
            )
        before = self.read_config()["settings"]
        differ = [
            f"{key}: {before.get(key)!r} there, {settings.get(key)!r} now"
            for key in sorted(before.keys() | settings.keys())
            if before.get(key) != settings.get(key) and key not in FREE_SETTINGS
        ]
        if differ:
            raise UserError(
                f"--output={self.path} holds a run of other settings "
                f"({'; '.join(differ)}); name a new folder."
            )

    def read_config(self):
        """Returns the configuration as it was written."""
        path = self.path / CONFIG_FILE
        try:
            config = json.loads(path.read_text("utf-8"))
            if config["format"] != self.format or not isinstance(
                config["settings"], dict
            ):
                raise ValueError("not the configuration of such a run")
        except (ValueError, KeyError, TypeError) as error:
            raise UserError(f"{path} is damaged ({error}).") from error
        return config

    def write_config(self, settings, **more):
        """Writes the configuration, if there is none yet."""
        if not (self.path / CONFIG_FILE).exists():
            config = {"format": self.format, "version": 1, "settings": settings, **more}
            write_atomically(self.path / CONFIG_FILE, json.dumps(config, indent=2))

    @contextlib.contextmanager
    def claimed(self):
        """Keeps other processes from running in this folder."""
        self.path.mkdir(parents=True, exist_ok=True)
        with open(self.path / ".lock", "w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise UserError(
                    f"--output={self.path} is in use by another process."
                ) from error
            yield


def _plain(settings):
    """As JSON gives it back: tuples become lists."""
    return json.loads(json.dumps(settings))
