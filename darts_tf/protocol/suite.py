"""The protocol of DARTS-Bench-Suite (arXiv 2507.16533) as parts.

On each of its benchmarks, which are search spaces, a method searches several times on
one half of the training images; the cell with the best validation is trained on the
other half under nine settings, at the size of the search.
"""

import itertools
from types import MappingProxyType
from typing import Any, NamedTuple

from darts_tf.errors import UserError
from darts_tf.experiments.image_settings import HALVES
from darts_tf.protocol.config import SUITE, ProtocolConfig
from darts_tf.protocol.methods import Method, methods_of
from darts_tf.protocol.part import Best, Found, Part
from darts_tf.protocol.part_settings import given_settings
from darts_tf.protocol.programs import Programs, programs_for
from darts_tf.spaces.registry import space_names

LEARNING_RATES, WEIGHT_DECAYS = (0.025, 0.1, 0.01), (1e-4, 3e-4, 1e-3)
# Searches by gradient, where they differ from those of the methods' own papers.
_SEARCH = MappingProxyType(
    {
        "learning_rate": 0.025,
        "learning_rate_min": 0.001,
        "weight_decay": 3e-4,
        "arch_learning_rate": 3e-4,
    }
)
_OF_METHOD = {
    "drnas": {
        "learning_rate": 0.1,
        "learning_rate_min": 0.0,
        "arch_learning_rate": 6e-4,
    },
    "gdas": {"epochs": 300},
}
# GDAS computes with one operation an edge, and has memory for larger batches.
_BATCHES_OF_GDAS = {"wide": 480, "deep": 320, "single_cell": 480}


class SuiteParts(NamedTuple):
    """The parts of one method on one benchmark.

    Attributes:
        benchmark: Name of the search space.
        method: The method.
        searches: Its searches.
        best: How the cells are chosen.
        trainings: The trainings, one for each of the nine settings.
    """

    benchmark: str
    method: Method
    searches: list[Part]
    best: Best
    trainings: list[Part]


class SuitePlan(NamedTuple):
    """The parts of the whole protocol.

    Attributes:
        cells: Those of each benchmark and method, the methods of a benchmark together.
    """

    cells: list[SuiteParts]

    @property
    def parts(self) -> list[Part]:
        """All parts, in the order in which they begin if all else is equal."""
        searches = (part for x in self.cells for part in x.searches)
        return [*searches, *(part for x in self.cells for part in x.trainings)]


def suite_plan(config: ProtocolConfig) -> SuitePlan:
    """Returns the parts that the settings describe.

    Args:
        config: The settings of the protocol.

    Raises:
        UserError: If there is no such method or benchmark, or a setting is refused.
    """
    for name in config.benchmarks:
        if name not in space_names():
            known = ", ".join(space_names())
            raise UserError(f"`benchmarks`={name}: expected some of {known}.")
    programs = programs_for(config.dataset, config.is_text)
    methods = methods_of(config, programs)
    return SuitePlan(
        [
            _parts_of(config, programs, benchmark, method)
            for benchmark in config.benchmarks
            for method in methods
        ]
    )


def _parts_of(
    config: ProtocolConfig, programs: Programs, benchmark: str, method: Method
) -> SuiteParts:
    data = {"dataset": config.dataset, "space": benchmark}
    if config.data_dir is not None:
        data["data_dir"] = config.data_dir
    name = f"{benchmark}/{method.label}"
    given = _search_settings(benchmark, method, programs)
    settings = {**data, **given, **method.settings, "half": HALVES[0]}
    searches = [
        Part(
            f"searches/{name}-{number + 1}",
            method.program,
            {**settings, "seed": config.seed + number},
        )
        for number in range(method.searches)
    ]
    best = Best({search.name: Found(search.name) for search in searches})
    given = _training_settings(config, programs)
    settings = {**data, **given, "half": HALVES[1], "seed": config.seed}
    trainings = [
        Part(
            f"trainings/{name}-{number}",
            programs.training,
            {**settings, "learning_rate": rate, "weight_decay": decay},
            best,
        )
        for number, (rate, decay) in enumerate(nine_settings(), start=1)
    ]
    return SuiteParts(benchmark, method, searches, best, trainings)


def _training_settings(config: ProtocolConfig, programs: Programs) -> dict[str, Any]:
    """The settings that a user gives to all trainings, which are not the nine."""
    names = ("part_settings", "training_settings")
    given = given_settings(config, names, programs.training)
    for name in ("learning_rate", "weight_decay"):
        if name in given:
            raise UserError(
                f"`protocol`={SUITE} trains with nine pairs of `learning_rate` and "
                f"`weight_decay` of its own: give {name}={given[name]} to searches "
                "alone, in `search_settings` or `brief_settings`."
            )
    return given


def nine_settings() -> list[tuple[float, float]]:
    """Returns learning rate and weight decay of each of the nine trainings."""
    return [*itertools.product(LEARNING_RATES, WEIGHT_DECAYS)]


def _search_settings(
    benchmark: str, method: Method, programs: Programs
) -> dict[str, Any]:
    if method.program != programs.search:
        return {}
    name = method.settings["method"]
    settings = {**_SEARCH, **_OF_METHOD.get(name, {})}
    if name == "gdas":
        for network, size in _BATCHES_OF_GDAS.items():
            if benchmark.startswith(network):
                settings["batch_size"] = size
    return settings
