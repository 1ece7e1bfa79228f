"""Settings of a protocol: which searches, trainings and choices it consists of."""

import re
from typing import ClassVar

from darts_tf.data.text.text_sources import is_text
from darts_tf.errors import UserError
from darts_tf.experiments.space_settings import DARTS_SPACE
from darts_tf.limits import MAX_COUNT, MAX_SEED
from darts_tf.settings import Settings, setting

PAPER, SUITE = "2018", "2025"
SUITE_BENCHMARKS = tuple(
    f"{network}_{operations}"
    for network in ("wide", "deep", "single_cell")
    for operations in ("regular", "no_skip", "all_skip")
)
_METHODS = {PAPER: ("darts", "random"), SUITE: ("darts", "drnas", "gdas")}
_ORDERS = {PAPER: (), SUITE: ("first",)}
_SEARCHES = {PAPER: 4, SUITE: 3}
# Cells of a random search (DARTS, sections 3.3 and 3.4).
_IMAGE_BUDGET, _TEXT_BUDGET = "24", "8"
_IMAGE_LINES, _TEXT_LINES = ("NASNet-A", "AmoebaNet-A", "ENAS"), ("ENAS",)
_NO_LINES = ("none",)
_MOST_RUNS = 1000
_MOST_WORKERS = 64


def _settings_of_parts(parts: str, example: str) -> tuple[str, ...]:
    return setting(
        (),
        f"Settings of {parts}, as {example}; a value with a comma stands in quotes: "
        "'\"primitives=none,skip_connect\",nodes=2'. Default is the paper's.",
        group="Settings of the parts",
    )


class ProtocolConfig(Settings):
    """Settings of a protocol.

    Raises:
        UserError: If they do not fit together.
    """

    group_order: ClassVar = ("Protocol", "Data", "Settings of the parts", "Run")

    protocol: str = setting(
        PAPER,
        "Protocol. 2018: that of DARTS, several searches, of whose cells the best by a "
        "brief training is trained several times; 2025: that of DARTS-Bench-Suite, "
        "several searches on each of nine benchmarks, of whose cells the best by "
        "validation is trained under nine settings on the other half of the images.",
        group="Protocol",
        choices=(PAPER, SUITE),
    )
    method: tuple[str, ...] = setting(
        (),
        "Methods to be compared: those of trainers.search, and those of "
        "trainers.baseline such as random. Default is darts,random, and in 2025 "
        "darts,drnas,gdas.",
        group="Protocol",
    )
    order: tuple[str, ...] = setting(
        (),
        "Orders of the gradient of each method that has one; two make two methods. "
        "Default is that of the method, and in 2025 first.",
        group="Protocol",
        choices=("first", "second"),
    )
    searches: int | None = setting(
        None,
        "Searches of a method, which differ in the seed; of random there is one. "
        "Default is 4, and in 2025 3.",
        group="Protocol",
        least=1,
        most=_MOST_RUNS,
    )
    trainings: int = setting(
        10,
        "Trainings of the best cell of a method, which differ in the seed, in 2018.",
        group="Protocol",
        least=1,
        most=_MOST_RUNS,
    )
    budget: str | None = setting(
        None,
        "Budget of each search of a method without gradient, as trainers.baseline "
        "takes it. Default is 24 brief trainings, and 8 on a text.",
        group="Protocol",
    )
    progress: int = setting(
        0,
        "Epochs of the search after which its cell of that time is trained briefly, "
        "after as many more again and so on, for the figure of the progress of "
        "searches in 2018; 0 for no such figure.",
        group="Protocol",
        least=0,
        most=MAX_COUNT,
    )
    published: tuple[str, ...] = setting(
        (),
        "Published cells that are trained briefly for lines in that figure; none for "
        "no line. Default is NASNet-A,AmoebaNet-A,ENAS, and ENAS on a text.",
        group="Protocol",
    )
    seed: int = setting(
        0,
        "Seed of the first search and of the first training; the next ones have the "
        "next numbers.",
        group="Protocol",
        least=0,
        most=MAX_SEED - _MOST_RUNS,
    )

    dataset: str = setting(
        "cifar10",
        "Images or text, see trainers.search and trainers.search_rnn.",
        group="Data",
    )
    data_dir: str | None = setting(
        None,
        "Folder with the data of TFDS, or with the files of the text; default is that "
        "of TFDS.",
        group="Data",
        free=True,
    )
    space: str = setting(
        DARTS_SPACE,
        "Search space of images in 2018, see trainers.search.",
        group="Data",
    )
    benchmarks: tuple[str, ...] = setting(
        SUITE_BENCHMARKS,
        "Search spaces that are the benchmarks of 2025.",
        group="Data",
    )

    part_settings: tuple[str, ...] = _settings_of_parts(
        "all parts that have them", "batch_size=64,precision=mixed_float16"
    )
    search_settings: tuple[str, ...] = _settings_of_parts(
        "searches by gradient", "epochs=50,layers=8"
    )
    rival_settings: tuple[str, ...] = _settings_of_parts(
        "searches without gradient", "nodes=4"
    )
    brief_settings: tuple[str, ...] = _settings_of_parts(
        "brief trainings, those of searches without gradient too", "epochs=100"
    )
    training_settings: tuple[str, ...] = _settings_of_parts(
        "full trainings", "epochs=600,layers=20"
    )

    workers: int | None = setting(
        None,
        "Parts at a time; default is one for each GPU, and one on a CPU.",
        group="Run",
        least=1,
        most=_MOST_WORKERS,
        free=True,
    )
    devices: tuple[str, ...] = setting(
        (),
        "Numbers of the GPUs to be used, as 0,1, each for one part at a time; default "
        "is all.",
        group="Run",
        free=True,
    )

    def __post_init__(self):
        super().__post_init__()
        for name in ("method", "order", "benchmarks", "published"):
            values = getattr(self, name)
            if len(set(values)) < len(values):
                raise UserError(f"`{name}`={','.join(values)} names one of them twice.")
        if self.protocol == SUITE and self.is_text:
            raise UserError(
                f"`protocol`=2025 is for images, and `dataset`={self.dataset} is a "
                "text; give `protocol=2018`."
            )
        if self.protocol == SUITE and self.progress:
            raise UserError("`progress` is for `protocol=2018`; leave it.")
        if not all(re.fullmatch("[0-9]+", number) for number in self.devices):
            raise UserError(
                f"`devices`={','.join(self.devices)} must be numbers of GPUs, as 0,1."
            )

    @property
    def is_text(self) -> bool:
        """Whether the data are a text, whose cells are recurrent."""
        return is_text(self.dataset)

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods to be compared."""
        return self.method or _METHODS[self.protocol]

    @property
    def orders(self) -> tuple[str, ...]:
        """The orders of the gradient; none for that of each method."""
        return self.order or _ORDERS[self.protocol]

    @property
    def num_searches(self) -> int:
        """Number of searches of a method."""
        return self.searches or _SEARCHES[self.protocol]

    @property
    def search_budget(self) -> str:
        """Budget of a search without gradient."""
        return self.budget or (_TEXT_BUDGET if self.is_text else _IMAGE_BUDGET)

    @property
    def lines(self) -> tuple[str, ...]:
        """The published cells in the figure of the progress."""
        if self.published == _NO_LINES:
            return ()
        return self.published or (_TEXT_LINES if self.is_text else _IMAGE_LINES)
