"""How much better a network is than that of random search.

As in "NAS evaluation is frustratingly hard" (arXiv 1912.12522) it is relative to random
search in the same space, whose cells are trained by the same recipe, since both may do
more for a result than the search:

    100 (accuracy - accuracy of random) / accuracy of random     of images,
    100 (perplexity of random - perplexity) / perplexity of random     of texts.
"""

import dataclasses
import json
import statistics
from collections.abc import Sequence

from darts_tf.comparison.entry import Entry
from darts_tf.convolutional.primitives import DARTS_PRIMITIVES
from darts_tf.recurrent.activations import DARTS_ACTIVATIONS
from darts_tf.space.search_space import (
    SearchSpace,
    convolutional_space,
    recurrent_space,
)
from darts_tf.zoo.registry import get_row, is_row
from darts_tf.zoo.row import PENN_TREEBANK

RANDOM = "random"


def improvement(error: float, baseline: float, is_text: bool) -> float:
    """Returns how much better a result is than that of random search, in percent.

    Args:
        error: Error in percent, or perplexity.
        baseline: That of random search.
        is_text: Whether they are perplexities.
    """
    if is_text:
        return 100 * (baseline - error) / baseline
    return 100 * (baseline - error) / (100 - baseline)


def with_improvements(entries: Sequence[Entry]) -> list[Entry]:
    """Fills in the improvement of the lines for which there is a random search.

    Args:
        entries: The lines of one table.
    """
    named = {x.row.name: x.error for x in entries if x.row}
    found: dict[tuple, list[float]] = {}
    for entry in entries:
        if entry.trainings and entry.error and entry.search_method == RANDOM:
            errors = [training.error for training in entry.trainings]
            found.setdefault(_setting(entry), []).extend(errors)
    return [_improved(entry, named, found) for entry in entries]


def _improved(entry, named, found):
    if entry.error is None or entry.search_method == RANDOM:
        return entry
    if entry.row is not None:
        baseline = named.get(entry.row.baseline)
        if baseline is None:
            return entry
        is_text = entry.dataset == PENN_TREEBANK
        value = improvement(entry.error.mean, baseline.mean, is_text)
    else:
        space, _ = key = _setting(entry)
        if space is None or key not in found:
            return entry
        baseline = statistics.fmean(found[key])
        is_text = entry.trainings[0].is_text
        value = improvement(entry.error.mean, baseline, is_text)
    return dataclasses.replace(entry, improvement=value)


def _setting(entry: Entry) -> tuple[SearchSpace | None, str]:
    """The space and the recipe that two lines must share."""
    training = entry.trainings[0]
    recipe = json.dumps(training.recipe(), sort_keys=True)
    if entry.search is not None:
        return entry.search.space, recipe
    if not _is_of_darts_space(training.genotype_setting):
        return None, recipe
    if training.is_text:
        return recurrent_space(DARTS_ACTIVATIONS), recipe
    return convolutional_space(DARTS_PRIMITIVES), recipe


def _is_of_darts_space(name):
    """Whether a published row is of the spaces of DARTS, that of random search too."""
    if not is_row(name):
        return False
    row = get_row(name)
    return bool(row.baseline) or row.published.search_method == RANDOM
