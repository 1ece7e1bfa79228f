"""What else differs between runs that are compared, beside what they are compared for.

A longer training or a larger network lowers an error more than most searches do
(arXiv 1902.07638, 1909.02453), so that each setting which differs is named.
"""

import collections
import json
from collections.abc import Iterable, Mapping, Sequence

from darts_tf.comparison.entry import Entry
from darts_tf.comparison.finished_runs import FinishedSearch, names_of

# Those that decide most come first.
_FIRST = (
    "epochs",
    "steps_per_epoch",
    "batch_size",
    "init_channels",
    "layers",
    "hidden_size",
    "cutout",
    "cutout_length",
    "drop_path_rate",
    "auxiliary",
    "auxiliary_weight",
    "flip",
)
_NUMBER_OF_RUNS = "number of runs"


def training_confounds(entries: Sequence[Entry]) -> list[str]:
    """Returns a sentence for each setting in which the trainings of lines differ.

    Args:
        entries: The lines of one table; those without runs do not count.
    """
    recipes = {
        x.title: {_NUMBER_OF_RUNS: len(x.trainings), **x.trainings[0].recipe()}
        for x in entries
        if x.trainings
    }
    return differences(recipes)


def search_confounds(searches: Sequence[FinishedSearch]) -> list[str]:
    """Returns a sentence for each setting in which searches differ.

    Their method is what they are compared for, and not among the settings.

    Args:
        searches: Searches on the same data.
    """
    recipes = (search.recipe() for search in searches)
    return differences(dict(zip(names_of(searches), recipes)))


def differences(recipes: Mapping[str, Mapping[str, object]]) -> list[str]:
    """Returns a sentence for each setting that differs.

    Args:
        recipes: The settings by name, by what has them.
    """
    names = dict.fromkeys(name for recipe in recipes.values() for name in recipe)
    lines = []
    for name in sorted(names, key=_importance):
        having = collections.defaultdict(list)
        for title, recipe in recipes.items():
            having[_words(recipe.get(name, "not said"))].append(title)
        if len(having) > 1:
            values = (f"{x} ({', '.join(titles)})" for x, titles in having.items())
            lines.append(f"{name.replace('_', ' ')}: {'; '.join(values)}")
    return lines


def _importance(name):
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)


def _words(value):
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Iterable) and not isinstance(value, str | Mapping):
        return ", ".join(map(_words, value)) or "none"
    return value if isinstance(value, str) else json.dumps(value)
