"""What a comparison says of one data set."""

import dataclasses
from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from darts_tf.comparison.entry import Entry
from darts_tf.report.tables import Table

_OF_RUNS = (
    "Errors and perplexities of runs are means, ± the sample deviation of as many as "
    "the column says.",
    "An error of images here is that after the last epoch, and a perplexity that of "
    "the weights with the best validation.",
    "The cost is that of the one search that found the cells, on the devices it was "
    "on: no other seeds, no choice among them, no training.",
)
_OF_PUBLISHED_ROWS = (
    "Published rows have the figures, deviations and recipes of their papers: cutout, "
    "training and size differ among them.",
)


@dataclasses.dataclass(frozen=True)
class Section:
    """What is known of the runs and the published rows on one data set.

    Attributes:
        dataset: Name of the data.
        title: What a heading calls them.
        entries: The lines of the table.
        table: The table of architectures, or `None` where there is no line.
        searches: The table of searches, or `None` where there are none.
        training_confounds: A sentence for each setting in which trainings differ.
        search_confounds: The same of searches.
        figures: The plots by their titles.
    """

    dataset: str
    title: str
    entries: tuple[Entry, ...]
    table: Table | None
    searches: Table | None
    training_confounds: tuple[str, ...]
    search_confounds: tuple[str, ...]
    figures: Mapping[str, Figure]

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables that there are."""
        return tuple(x for x in (self.table, self.searches) if x is not None)

    @property
    def confounds(self) -> dict[str, tuple[str, ...]]:
        """The sentences on settings that differ, by their heading."""
        named = {
            "The trainings differ in": self.training_confounds,
            "The searches differ in": self.search_confounds,
        }
        return {title: lines for title, lines in named.items() if lines}


def notes_of(sections: Sequence[Section]) -> tuple[str, ...]:
    """Returns sentences on how to read the tables.

    Args:
        sections: What is known of each data set.
    """
    entries = [entry for section in sections for entry in section.entries]
    has_runs = any(entry.row is None for entry in entries)
    has_published = any(entry.row is not None for entry in entries)
    return (*has_runs * _OF_RUNS, *has_published * _OF_PUBLISHED_ROWS)
