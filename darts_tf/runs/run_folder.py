"""The folder of a run: claimed by one process, of one configuration and its data."""

import contextlib
import datetime
import errno
import fcntl
import json
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from darts_tf.atomic_file import TEMPORARY_FILES, write_atomically
from darts_tf.errors import UserError, shortened
from darts_tf.run_layout import CONFIG_FILE, LOCK_FILE, UNFINISHED_CHECKPOINTS
from darts_tf.runs.run_config import (
    CONFIG_VERSION,
    check_config,
    read_config,
)

_NEEDED_BYTES = 200 * 2**20
# Settings that say which cells are trained.
_OF_GENOTYPE = frozenset({"genotype", "genotype_epoch"})


class RunFolder:
    """A folder that holds one run.

    Args:
        path: The folder; it is made when the run is written to, not before.
        format: Name of the format of its configuration.
        free_settings: Names of settings that do not change what is computed; the run
            may continue with others.
        added_settings: Settings that earlier versions did not have, with the values
            that say what those did.
    """

    def __init__(
        self,
        path: str | os.PathLike,
        format: str,
        free_settings: Collection[str] = frozenset(),
        added_settings: Mapping[str, Any] = MappingProxyType({}),
    ):
        self.path = Path(path)
        self.format = format
        self._free_settings = free_settings
        self._added_settings = dict(added_settings)
        self._lock = None

    def check(
        self,
        settings: Mapping[str, Any],
        genotype: Mapping[str, Any] | None = None,
        fingerprint: Mapping[str, Any] | None = None,
    ) -> None:
        """Refuses a folder that is no place for a run of these settings and data.

        Args:
            settings: Dictionary that JSON can hold.
            genotype: Dictionary of the cells that are trained, or `None` for a search.
            fingerprint: Dictionary of what tells the data from others, or `None` where
                they are not loaded yet.

        Raises:
            UserError: If the folder holds other things or another run, cannot be
                written to, or has no space.
        """
        _check_is_text({"output": str(self.path), **settings})
        check_writable(self.path)
        self._check_space()
        if not self._holds_files():
            return
        config = self._read_own_config()
        # Where the cells are read from does not matter: they are compared themselves.
        free = _OF_GENOTYPE if genotype is not None else frozenset()
        self._check_settings(config["settings"], settings, free)
        if genotype is not None and config.get("genotype") != genotype:
            raise UserError(
                f"`output`={self.path} holds a training of another genotype than "
                "`genotype` means now; name a new folder."
            )
        if fingerprint is not None:
            self._check_data(config, _plain(fingerprint))
            self._say_what_is_unknown(config, settings)

    def _holds_files(self):
        """Whether there is more than what is there before the configuration."""
        return self.path.is_dir() and any(
            path.name != LOCK_FILE and not path.match(TEMPORARY_FILES)
            for path in self.path.iterdir()
        )

    def _check_space(self):
        free = shutil.disk_usage(_existing(self.path)).free
        if free < _NEEDED_BYTES:
            raise UserError(
                f"`output`={self.path}: {free // 2**20} MB are free there, "
                f"{_NEEDED_BYTES // 2**20} MB are needed."
            )

    def _read_own_config(self):
        if not (self.path / CONFIG_FILE).exists():
            raise UserError(
                f"`output`={self.path} holds other files and no run; name a new folder."
            )
        config = self.read_config()
        if config["format"] != self.format:
            raise UserError(
                f"`output`={self.path} holds a run of another kind "
                f"({shortened(config['format'])} there, {self.format!r} now); name a "
                "new folder."
            )
        return config

    def _check_settings(self, before, now, free):
        before = _plain(self._added_settings) | before
        differ = _differences(before, _plain(now), {*self._free_settings, *free})
        if differ:
            raise UserError(
                f"`output`={self.path} holds a run of other settings ({differ}); name "
                "a new folder."
            )

    def _check_data(self, config, fingerprint):
        differ = _differences(config.get("fingerprint", {}), fingerprint)
        if differ:
            raise UserError(
                f"What the run in `output`={self.path} began with has changed "
                f"({differ}); bring it back, or name a new folder."
            )

    def _say_what_is_unknown(self, config, settings):
        known = {*config["settings"], *self._added_settings, *self._free_settings}
        unknown = sorted(settings.keys() - known)
        if "fingerprint" not in config:
            unknown += ["the data", "the table of metrics"]
        if unknown:
            print(
                f"The run in {self.path} was begun by an earlier version; it cannot be "
                f"checked whether these are as they were: {', '.join(unknown)}.",
                flush=True,
            )

    def read_config(self) -> dict[str, Any]:
        """Returns the configuration as it was written."""
        return read_config(self.path)

    def write_config(self, settings: Mapping[str, Any], **more: Any) -> None:
        """Writes the configuration, if there is none yet."""
        path = self.path / CONFIG_FILE
        if not path.exists():
            config = {
                "format": self.format,
                "version": CONFIG_VERSION,
                "settings": settings,
                **more,
            }
            check_config("The configuration of this run", _plain(config))
            write_atomically(path, json.dumps(config, indent=2))

    @contextlib.contextmanager
    def claimed(self, *identity: Any) -> Iterator[None]:
        """Keeps other processes from running in this folder.

        Under the lock, the folder is judged once more, since another process may have
        run in it meanwhile; and what killed processes have left is removed.

        Args:
            *identity: See `check`.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with self._locked():
            self.check(*identity)
            self._remove_leftovers()
            yield

    @contextlib.contextmanager
    def _locked(self):
        path = self.path / LOCK_FILE
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            self._lock = os.open(path, flags, 0o644)
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise
            raise UserError(f"{path} is a link; remove it.") from error
        try:
            self._take_lock()
            yield
        finally:
            os.close(self._lock)
            self._lock = None

    def _take_lock(self):
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UserError(
                f"`output`={self.path} is in use by another process."
            ) from error

    def require_claim(self) -> None:
        """Ends a run whose folder is gone, before it makes half of a new one.

        Raises:
            UserError: If the folder has been removed or replaced.
        """
        if self._lock is None:
            return
        try:
            is_there = os.path.samestat(
                os.fstat(self._lock), os.stat(self.path / LOCK_FILE)
            )
        except OSError:
            is_there = False
        if not is_there:
            raise UserError(
                f"The folder of the run, {self.path}, was removed or replaced while "
                "the run went on; the run has ended, and writes nothing any more."
            )

    def _remove_leftovers(self):
        for path in list(self.path.rglob(TEMPORARY_FILES)):
            if path.is_symlink() or path.is_file():
                path.unlink()
        for path in list(self.path.rglob(UNFINISHED_CHECKPOINTS)):
            shutil.rmtree(path)


def check_writable(output: str | os.PathLike) -> None:
    """Refuses an `output` that cannot be a folder, or not be written to.

    Args:
        output: The folder, which may not be there yet.

    Raises:
        UserError: If it is refused.
    """
    existing = _existing(Path(output))
    if not existing.is_dir():
        raise UserError(f"`output`={output}: {existing} is not a folder.")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise UserError(f"`output`={output}: {existing} cannot be written to.")


def _existing(path):
    """The path, or the nearest one above it that is there."""
    while not path.exists():
        path = path.parent
    return path


def dated_folder(kind: str) -> str:
    """Returns a run folder named after a kind of run and the present time."""
    return f"runs/{kind}-{datetime.datetime.now():%Y%m%d-%H%M%S}"


def _check_is_text(settings):
    """Refuses names that files about the run could not hold."""
    for name, value in settings.items():
        try:
            str(value).encode()
        except UnicodeEncodeError as error:
            raise UserError(f"`{name}`={value} is no text in UTF-8.") from error


def _plain(settings):
    """As JSON gives it back: tuples become lists."""
    return json.loads(json.dumps(settings))


def _differences(before, now, free=()):
    """Says how two dictionaries differ in what both are known to hold, but `free`."""
    return "; ".join(
        f"{key}: {shortened(before[key])} there, {shortened(now.get(key))} now"
        for key in sorted(before)
        if key not in free and before[key] != now.get(key)
    )
