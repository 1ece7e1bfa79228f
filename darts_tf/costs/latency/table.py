"""The latency of the parts of networks, as a table that was measured."""

import dataclasses
import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np
from absl import logging

from darts_tf.atomic_file import write_atomically
from darts_tf.checksum import checksum
from darts_tf.costs.cost_model import OPERATION, CostModel, NetworkPart
from darts_tf.costs.latency.machine import processor_count, processor_name
from darts_tf.costs.latency.table_fields import (
    FORMAT,
    VERSION,
    TableError,
    checked_fields,
)
from darts_tf.errors import UserError, first_line, shortened

# A table of which a larger share of the time is uncertain is refused.
MOST_UNCERTAIN = 0.05
_MAX_BYTES = 50_000_000


class Entry(NamedTuple):
    """What the table says of a part.

    Attributes:
        ratio: Its time by that of the reference.
        spread: Largest difference of the measurements that it is made of, added up, in
            the same unit.
        is_certain: Whether they agree, see `agreement.py`.
    """

    ratio: float
    spread: float
    is_certain: bool


@dataclasses.dataclass(frozen=True, eq=False)
class LatencyTable(CostModel):
    """The time of each part of the networks of a space in a runtime.

    Args:
        runtime: One of `formats.format.FORMATS`, whose runtime it is.
        threads: Number of threads that it had.
        processor: The processor that it ran on.
        versions: Versions by the name of a library.
        reference: The part beside which all others were measured.
        milliseconds: Time of the reference.
        scale: What the sum of a network's parts is multiplied by, so that it is right
            in the mean for some networks that were timed as a whole.
        entries: The `Entry` of each part.
        path: The file that the table is from, as errors name it.
    """

    name: ClassVar = "latency"
    unit: ClassVar = "ms latency"

    runtime: str
    threads: int
    processor: str
    versions: Mapping[str, str]
    reference: NetworkPart
    milliseconds: float
    scale: float
    entries: Mapping[NetworkPart, Entry]
    path: str

    def __str__(self):
        threads = f"{self.threads} thread{'s' if self.threads > 1 else ''}"
        reference = f"{in_words(self.reference)}, {self.milliseconds:.3g} ms"
        return (
            f"{len(self.entries)} parts in {self.runtime} on {self.processor}, "
            f"{threads}. Reference: {reference}. Scale: {self.scale:.3g}. "
            f"Uncertain: {self.uncertain_share:.1%} of the time."
        )

    def of_part(self, part: NetworkPart) -> float:
        """Returns the latency of a part in milliseconds, scaled.

        Raises:
            UserError: If the table lacks it.
        """
        if part not in self.entries:
            raise UserError(
                f"`latency_table`={self.path} has no entry for {in_words(part)}; "
                "measure one of these sizes and operations with `python -m "
                "trainers.measure_latency`."
            )
        return self.scale * self.milliseconds * self.entries[part].ratio

    @property
    def uncertain_share(self) -> float:
        """Share of the time of all entries whose measurements do not agree."""
        entries = self.entries.values()
        whole = math.fsum(entry.ratio for entry in entries)
        doubtful = math.fsum(entry.ratio for entry in entries if not entry.is_certain)
        return doubtful / whole if whole else 0.0

    def check(self) -> None:
        """Raises a `UserError` if too much of the table is uncertain."""
        if self.uncertain_share > MOST_UNCERTAIN:
            raise UserError(
                f"{self.path}: {self.uncertain_share:.0%} of its time is uncertain, "
                f"more than {MOST_UNCERTAIN:.0%}; remove its log and measure it again, "
                "on a machine that does nothing else."
            )

    def differences(self) -> list[str]:
        """Returns in words what of this machine differs from that of the table."""
        found, here, count = [], processor_name(), processor_count()
        if self.processor != here:
            found.append(f"it is of {self.processor}, and this is {here}")
        if self.threads > count:
            found.append(f"it is of {self.threads} threads, and here are {count}")
        return found

    def to_json(self) -> str:
        """Returns the table as JSON with a line for each entry."""
        fields = {
            "format": FORMAT,
            "version": VERSION,
            "runtime": self.runtime,
            "threads": self.threads,
            "processor": self.processor,
            "versions": dict(self.versions),
            "reference": dataclasses.asdict(self.reference),
            "milliseconds": self.milliseconds,
            "scale": self.scale,
        }
        lines = [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in fields.items()]
        rows = [
            json.dumps({**dataclasses.asdict(part), **_fields(entry)})
            for part, entry in sorted(self.entries.items())
        ]
        lines.append('"entries": [\n{}\n]'.format(",\n".join(rows)))
        return "{{\n{}\n}}\n".format(",\n".join(lines))

    def save(self, path: str | os.PathLike) -> Path:
        """Writes the table, whole or not at all; returns its path."""
        return write_atomically(path, self.to_json())


def read_latency_table(path: str | os.PathLike) -> LatencyTable:
    """Reads a table, and warns where it is of another machine.

    Args:
        path: The file.

    Raises:
        UserError: If it cannot be read, is damaged, or too much of it is uncertain.
    """
    path = os.fspath(path)
    try:
        table = _table(checked_fields(_read(path)), path)
    except TableError as error:
        raise UserError(f"`latency_table`={path}: {error}.") from error
    table.check()
    for difference in table.differences():
        logging.warning("%s: %s; its times may be others here.", path, difference)
    return table


def checksum_of_table(path: str | os.PathLike) -> int:
    """Returns a number that differs where the content of a table's file does.

    Args:
        path: The file.

    Raises:
        UserError: If it cannot be read.
    """
    try:
        return checksum([np.frombuffer(_content(path), np.uint8)])
    except TableError as error:
        raise UserError(f"`latency_table`={os.fspath(path)}: {error}.") from error


def check_place(path: str | os.PathLike) -> None:
    """Raises a `UserError` if something other than a table lies in a table's place.

    Args:
        path: The file that is to get a table.
    """
    if not os.path.lexists(path):
        return
    try:
        checked_fields(_read(path))
    except TableError as error:
        raise UserError(
            f"`output`={os.fspath(path)} is there, and no latency table: {error}; name "
            "another file."
        ) from error


def in_words(part: NetworkPart) -> str:
    """Says what a part is and which sizes it has."""
    name = part.primitive if part.layer == OPERATION else part.layer
    return (
        f"{name} of stride {part.stride}, {part.inputs} to {part.channels} channels, "
        f"{part.height} x {part.width} pixels"
    )


def _fields(entry: Entry) -> dict[str, Any]:
    return {"ratio": entry.ratio, "spread": entry.spread, "certain": entry.is_certain}


def _read(path) -> Any:
    content = _content(path)
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        reason = shortened(first_line(error))
        raise TableError(f"expected a table in JSON ({reason})") from error


def _content(path) -> bytes:
    try:
        with open(path, "rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise TableError(f"it cannot be read ({error.strerror})") from error
    if len(content) > _MAX_BYTES:
        raise TableError(f"it has more than {_MAX_BYTES:,} bytes")
    return content


def _table(fields, path):
    entries = {
        part: Entry(row["ratio"], row["spread"], row["certain"])
        for part, row in fields["entries"].items()
    }
    own = {k: v for k, v in fields.items() if k not in ("format", "version")}
    return LatencyTable(**{**own, "entries": entries}, path=path)
