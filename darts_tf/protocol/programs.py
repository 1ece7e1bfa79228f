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
    """A module that is run, as those of `trainers`, and whose runs have folders.

    Attributes:
        module: Its name.
        format: Format of its runs, by which the kind of run is known.
        defaults: Its settings, or `None` for those of the kind.
    """

    module: str
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


_IMAGE_TRAINING, _LANGUAGE_TRAINING = (
    "darts_tf.image_training",
    "darts_tf.language_training",
)
_IMAGES = Programs(
    Program("trainers.search", "darts_tf.search"),
    Program("trainers.baseline", "darts_tf.baseline"),
    Program("trainers.eval_cifar", _IMAGE_TRAINING),
    "convolutional",
)
_TEXTS = Programs(
    Program("trainers.search_rnn", "darts_tf.recurrent_search"),
    Program("trainers.baseline_rnn", "darts_tf.recurrent_baseline"),
    Program("trainers.eval_ptb", _LANGUAGE_TRAINING),
    "recurrent",
)
# Data for which trainings have other defaults.
_TRAININGS = {
    "imagenet2012": Program("trainers.eval_imagenet", _IMAGE_TRAINING, IMAGENET),
    "wikitext2": Program("trainers.eval_wikitext2", _LANGUAGE_TRAINING, WIKITEXT2),
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
