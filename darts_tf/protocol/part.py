"""The parts of a protocol: programs, each in a folder of its own, in an order."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from darts_tf.protocol.programs import Program
from darts_tf.protocol.scores import validation_score
from darts_tf.run_layout import genotype_files


@dataclasses.dataclass(frozen=True)
class Found:
    """Cells that a search finds.

    Attributes:
        search: Name of the part that searches.
        epoch: The epoch, or `None` for what the search recommends.
        earlier: Epochs whose cells, if they are the same, make those of `epoch` none of
            their own.
    """

    search: str
    epoch: int | None = None
    earlier: tuple[int, ...] = ()

    @property
    def awaits(self) -> tuple[str, ...]:
        """Names of the parts that must have ended before the cells are known."""
        return (self.search,)

    def settings(self, folder: Path) -> dict[str, Any] | None:
        """Returns the settings of a training that name the cells.

        Args:
            folder: The folder of the protocol.

        Returns:
            The settings, or `None` where the search has ended before the epoch, or an
            earlier epoch has the same cells.
        """
        path = folder / self.search
        if self.epoch is None:
            return {"genotype": str(path)}
        files = genotype_files(path)
        if self.epoch not in files:
            return None
        cells = files[self.epoch].read_text("utf-8")
        if any(files[x].read_text("utf-8") == cells for x in self.earlier):
            return None
        return {"genotype": str(path), "genotype_epoch": self.epoch}


@dataclasses.dataclass(frozen=True)
class Best:
    """The best of the cells that searches find, by the validation of a part for each.

    Attributes:
        candidates: The cells by the names of the parts whose validation decides.
    """

    candidates: Mapping[str, Found]

    @property
    def awaits(self) -> tuple[str, ...]:
        """Names of the parts that must have ended before the choice can be made."""
        return tuple(self.candidates)

    def scores(self, folder: Path) -> dict[str, float]:
        """Returns what each part says of its cells, the less the better, by its name.

        Args:
            folder: The folder of the protocol.
        """
        return {name: validation_score(folder / name) for name in self.candidates}

    def choice(self, folder: Path) -> str:
        """Returns the name of the part whose cells are the best, the first of equals.

        Args:
            folder: The folder of the protocol.
        """
        scores = self.scores(folder)
        return min(scores, key=scores.__getitem__)

    def settings(self, folder: Path) -> dict[str, Any] | None:
        """Returns the settings of a training, see `Found`."""
        return self.candidates[self.choice(folder)].settings(folder)


@dataclasses.dataclass(frozen=True)
class Part:
    """A run of a program.

    Attributes:
        name: Its name, which is also its folder in that of the protocol.
        program: The program.
        settings: Its settings, but for the cells.
        cells: The cells that it trains; `None` for a search, and where the settings
            name published ones.
    """

    name: str
    program: Program
    settings: Mapping[str, Any]
    cells: Found | Best | None = None

    @property
    def awaits(self) -> tuple[str, ...]:
        """Names of the parts that must have ended before this one begins."""
        return self.cells.awaits if self.cells else ()

    def all_settings(self, folder: Path) -> dict[str, Any] | None:
        """Returns the settings with those that name the cells.

        Args:
            folder: The folder of the protocol, in which the parts that it awaits have
                ended.

        Returns:
            The settings, or `None` where there are no such cells.
        """
        if self.cells is None:
            return dict(self.settings)
        cells = self.cells.settings(folder)
        return None if cells is None else {**self.settings, **cells}
