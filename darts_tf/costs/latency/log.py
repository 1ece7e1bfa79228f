"""The log of measurements, from which a measurement that was cut off goes on."""

import dataclasses
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from darts_tf.atomic_file import write_atomically
from darts_tf.costs.cost_model import NetworkPart
from darts_tf.costs.latency.table_fields import is_number, part_from
from darts_tf.errors import UserError, invalid_value, shortened

_FORMAT = "darts_tf.latency_log"


class Measurement(NamedTuple):
    """One measurement of the model of a part.

    Attributes:
        part: The part, or a frame.
        ratio: Time of its model by that of the reference.
        milliseconds: Time of the reference meanwhile.
    """

    part: NetworkPart
    ratio: float
    milliseconds: float


class MeasurementLog:
    """A text file of one JSON object a line: what was measured how, then each time.

    It is written as a whole each time, so that no line is ever cut off.

    Args:
        path: The file; it is made with the first measurements.
        conditions: What measurements of one log have in common, by name.

    Attributes:
        measurements: List of `Measurement` in their order.

    Raises:
        UserError: If the file is no such log, or one of other conditions.
    """

    def __init__(self, path: str | os.PathLike, conditions: Mapping[str, Any]):
        self._path = Path(path)
        self._conditions = {"format": _FORMAT, **conditions}
        self.measurements = self._read() if self._path.exists() else []

    def ratios(self) -> dict[NetworkPart, list[float]]:
        """Returns the measured ratios of each part, in their order."""
        found = defaultdict(list)
        for measurement in self.measurements:
            found[measurement.part].append(measurement.ratio)
        return found

    def append(self, measurements: Iterable[Measurement]) -> None:
        """Adds measurements, all or none."""
        self.measurements += measurements
        rows = [
            {**x._asdict(), "part": dataclasses.asdict(x.part)}
            for x in self.measurements
        ]
        lines = (json.dumps(row) + "\n" for row in (self._conditions, *rows))
        write_atomically(self._path, "".join(lines))

    def _read(self):
        try:
            lines = self._path.read_text("utf-8").splitlines()
            conditions, *rows = map(json.loads, lines)
            self._check(dict(conditions))
            return [*map(_measurement, rows)]
        except UserError:
            raise
        except (ValueError, TypeError, LookupError, RecursionError) as error:
            raise self._error("is damaged") from error

    def _check(self, found):
        for name, value in self._conditions.items():
            if found.get(name) != value:
                raise self._error(
                    f"is of {name} {shortened(found.get(name))}, and this measurement "
                    f"of {shortened(value)}"
                )

    def _error(self, reason):
        return UserError(f"{self._path} {reason}; remove it, or give another `output`.")


def _measurement(row):
    found = Measurement(**{**row, "part": part_from(row["part"])})
    hash(found.part)  # which nothing but plain values has
    if not all(is_number(value) and value > 0 for value in found[1:]):
        raise invalid_value("row", "times above 0", row)
    return found
