"""The protocol of DARTS (arXiv 1806.09055, sections 3.1 to 3.4) as parts.

Of the cells that several searches find, each is trained briefly, the best one by the
validation is trained in full several times, and the mean of the test errors counts.
"""

from typing import Any, NamedTuple

from darts_tf.experiments.convolutional_evaluation.config import OTHER_HALF
from darts_tf.experiments.image_settings import HALVES
from darts_tf.experiments.space_settings import DARTS_SPACE
from darts_tf.protocol.config import ProtocolConfig
from darts_tf.protocol.methods import Method, methods_of
from darts_tf.protocol.part import Best, Found, Part
from darts_tf.protocol.part_settings import given_settings
from darts_tf.protocol.programs import Programs, programs_for

# Epochs of a brief training.
_IMAGE_EPOCHS, _TEXT_EPOCHS = 100, 300


class MethodParts(NamedTuple):
    """The parts of one method, in order.

    Attributes:
        method: The method.
        searches: Its searches.
        briefs: The brief training of the cells of each; none where there is only one.
        progress: For each search, brief trainings of its cells of several epochs.
        best: How the cells are chosen.
        trainings: The full trainings.
    """

    method: Method
    searches: list[Part]
    briefs: list[Part]
    progress: list[list[Part]]
    best: Best
    trainings: list[Part]


class PaperPlan(NamedTuple):
    """The parts of the whole protocol.

    Attributes:
        methods: Those of each method.
        lines: Brief trainings of published cells, for the figure of the progress.
    """

    methods: list[MethodParts]
    lines: list[Part]

    @property
    def parts(self) -> list[Part]:
        """All parts, in the order in which they begin if all else is equal."""
        by_stage = [
            *(part for x in self.methods for part in x.searches),
            *(part for x in self.methods for part in x.briefs),
            *(part for x in self.methods for part in x.trainings),
            *self.lines,
        ]
        progress = (row for x in self.methods for row in x.progress)
        return [*by_stage, *(part for row in progress for part in row)]


def paper_plan(config: ProtocolConfig) -> PaperPlan:
    """Returns the parts that the settings describe.

    Args:
        config: The settings of the protocol.

    Raises:
        UserError: If there is no such method, or a setting is refused.
    """
    programs = programs_for(config.dataset, config.is_text)
    maker = _PartMaker(config, programs)
    return PaperPlan(
        [_parts_of(maker, method) for method in methods_of(config, programs)],
        [maker.line(name) for name in config.lines] if config.progress else [],
    )


def _parts_of(maker: "_PartMaker", method: Method) -> MethodParts:
    searches = [maker.search(method, k) for k in range(method.searches)]
    briefs = []
    if len(searches) > 1:
        briefs = [maker.brief(_last(x), Found(x.name)) for x in searches]
    judges = briefs or searches
    best = Best({x.name: Found(y.name) for x, y in zip(judges, searches, strict=True)})
    return MethodParts(
        method,
        searches,
        briefs,
        [maker.progress(search) for search in searches],
        best,
        maker.trainings(method, best),
    )


class _PartMaker:
    """Makes the parts of the settings of a protocol."""

    def __init__(self, config: ProtocolConfig, programs: Programs):
        self.config, self.training = config, programs.training
        self.search_program = programs.search
        self.data: dict[str, Any] = {"dataset": config.dataset}
        if config.data_dir is not None:
            self.data["data_dir"] = config.data_dir
        self.space = {} if config.is_text else {"space": config.space}
        self.brief_settings = self._brief_settings()
        names = ("part_settings", "training_settings")
        self.full_settings = given_settings(config, names, self.training)

    def _brief_settings(self):
        names = ("part_settings", "brief_settings")
        given = given_settings(self.config, names, self.training)
        if self.config.is_text:
            return {"epochs": _TEXT_EPOCHS, **given}
        halves = {"half": HALVES[0], "evaluated": OTHER_HALF}
        return {"epochs": _IMAGE_EPOCHS, **given, **halves}

    def search(self, method: Method, number: int) -> Part:
        seed = {"seed": self.config.seed + number}
        settings = {**self.data, **self.space, **method.settings, **seed}
        name = f"searches/{method.label}-{number + 1}"
        return Part(name, method.program, settings)

    def brief(
        self, name: str, cells: Found | None, folder: str = "brief", **more
    ) -> Part:
        seed = {"seed": self.config.seed}
        settings = {**self.data, **self.space, **self.brief_settings, **seed, **more}
        return Part(f"{folder}/{name}", self.training, settings, cells)

    def progress(self, search: Part) -> list[Part]:
        step = self.config.progress
        if not step or search.program != self.search_program:
            return []
        last = search.program.config(search.settings).total_epochs
        epochs = range(step, last + 1, step)
        return [
            self.brief(
                f"{_last(search)}-epoch-{epoch:03d}",
                Found(search.name, epoch, tuple(epochs[:number])),
                "progress",
            )
            for number, epoch in enumerate(epochs)
        ]

    def line(self, genotype: str) -> Part:
        cells = {"genotype": genotype}
        if self.space:
            cells["space"] = DARTS_SPACE
        return self.brief(genotype, None, "progress", **cells)

    def trainings(self, method: Method, best: Best) -> list[Part]:
        return [
            Part(
                f"trainings/{method.label}-{number + 1}",
                self.training,
                {
                    **self.data,
                    **self.space,
                    **self.full_settings,
                    "seed": self.config.seed + number,
                },
                best,
            )
            for number in range(self.config.trainings)
        ]


def _last(part: Part) -> str:
    """The name of a part without that of its stage."""
    return part.name.rpartition("/")[2]
