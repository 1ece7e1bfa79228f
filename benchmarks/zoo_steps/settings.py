"""Settings of the benchmark of the published networks."""

import dataclasses

from darts_tf.limits import MAX_BATCH_SIZE, MAX_COUNT
from darts_tf.settings import Settings, setting
from darts_tf.zoo import rows

_NAMES = tuple(row.name for row in rows() if row.make)


@dataclasses.dataclass(frozen=True)
class RowStep:
    """One measurement.

    Attributes:
        form: Name of the row.
        order: What is measured.
        batch_size: Images or texts in a step.
        words: Words of each text in a step.
        steps: Steps measured after the first.
    """

    form: str
    order: str
    batch_size: int
    words: int
    steps: int


class ZooBenchmarkConfig(Settings):
    """All measurements of a call of the benchmark, one for each network."""

    names: tuple[str, ...] = setting(
        _NAMES, "Rows of the tables.", group="Measurements", choices=_NAMES
    )
    batch_size: int = setting(
        2,
        "Images or texts in a step.",
        group="Measurements",
        least=1,
        most=MAX_BATCH_SIZE,
    )
    words: int = setting(
        35,
        "Words of each text in a step.",
        group="Measurements",
        least=1,
        most=MAX_COUNT,
    )
    steps: int = setting(
        2,
        "Steps measured in each process after the first.",
        group="Measurements",
        least=1,
        most=MAX_COUNT,
    )
    output: str | None = setting(
        None,
        "JSON file for every measurement; default is none.",
        group="Measurements",
    )
    repetitions: int = 1
    module: str = "benchmarks.zoo_steps.measurement"

    def measurements(self):
        """Returns the `RowStep` of each network."""
        return [
            RowStep(name, "training", self.batch_size, self.words, self.steps)
            for name in self.names
        ]
