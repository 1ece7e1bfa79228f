"""The programs that the parts of a protocol are."""

import dataclasses
from collections.abc import Mapping
from typing import Any, NamedTuple

from darts_tf.experiments.convolutional_evaluation.config import IMAGENET
from darts_tf.experiments.kinds import kinds
from darts_tf.experiments.recurrent_evaluation.config import WIKITEXT2
from darts_tf.runs.experiment import Experiment
from darts_tf.settings import Settings
from darts_tf.tasks.configuration import configured


@dataclasses.dataclass(frozen=True)
class Program:
    """A module of `trainers` whose runs have folders.

    Attributes:
        name: Its name there.
        format: Format of its runs, by which the kind of run is known.
        defaults: Its settings, or `None` for those of the kind.
    """

    name: str
    format: str
    defaults: Settings | None = None

    @property
    def kind(self) -> type[Experiment]:
        """The kind of its runs."""
        return kinds()[self.format]

    def config(self, settings: Mapping[str, Any]) -> Settings:
        """Returns its configuration with some settings, as its flags would make it.

        Raises:
            UserError: If a setting is unknown, or values do not fit together.
        """
        return configured(self.defaults or self.kind.Config(), **settings)


class Programs(NamedTuple):
    """The programs for one kind of data.

    Attributes:
        search: Search by gradient.
        rival: Search without gradient.
        training: Training of the cells that either has found.
        cells: Kind of the search, as presets of methods name it.
    """

    search: Program
    rival: Program
    training: Program
    cells: str


_IMAGES = Programs(
    Program("search", "darts_tf.search"),
    Program("baseline", "darts_tf.baseline"),
    Program("eval_cifar", "darts_tf.image_training"),
    "convolutional",
)
_TEXTS = Programs(
    Program("search_rnn", "darts_tf.recurrent_search"),
    Program("baseline_rnn", "darts_tf.recurrent_baseline"),
    Program("eval_ptb", "darts_tf.language_training"),
    "recurrent",
)
# Data for which trainings have other defaults.
_TRAININGS = {
    "imagenet2012": Program("eval_imagenet", "darts_tf.image_training", IMAGENET),
    "wikitext2": Program("eval_wikitext2", "darts_tf.language_training", WIKITEXT2),
}


def programs_for(dataset: str, is_text: bool) -> Programs:
    """Returns the programs for some data.

    Args:
        dataset: What the user calls them.
        is_text: Whether they are a text.
    """
    programs = _TEXTS if is_text else _IMAGES
    training = _TRAININGS.get(dataset, programs.training)
    return programs._replace(training=training)
