"""Searches with a cost: the error of their cells against what these cost."""

import collections
from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.figure import Figure

from darts_tf.comparison.finished_runs import FinishedSearch
from darts_tf.costs.registry import unit_of
from darts_tf.front.figure import FOUND, front_figure

# Searches that differ in one of these do not cost the same network.
_NETWORK_SETTINGS = (
    "cost",
    "latency_table",
    "space",
    "eval_layers",
    "eval_init_channels",
    "eval_image_size",
)


class SearchPoint(NamedTuple):
    """What a search has come to, as `front_figure` draws it.

    Attributes:
        kind: `FOUND`.
        label: Its name, and its target if it has one.
        cost: Cost of the derived network, in the unit that a user reads.
        error: Validation error of the search network in the epoch that is recommended,
            as a fraction.
    """

    kind: str
    label: str
    cost: float
    error: float


def cost_fronts(searches: Sequence[FinishedSearch]) -> dict[str, Figure]:
    """Draws a front for each cost and network of which there are several searches.

    Args:
        searches: Searches on the same images, some of which may know of no cost.

    Returns:
        The figures by their titles.
    """
    groups, figures = collections.defaultdict(list), {}
    for search in searches:
        if search.derived_cost is not None:
            key = tuple(search.settings.get(name) for name in _NETWORK_SETTINGS)
            groups[key].append(search)
    for (cost, *_), found in groups.items():
        if len(found) > 1:
            title = f"Front of error and {unit_of(cost)}"
            title += f" ({len(figures) + 1})" if title in figures else ""
            figures[title] = _figure(title, found, unit_of(cost))
    return figures


def _figure(title, searches, unit):
    targets = {search.cost_target for search in searches} - {None}
    words = "validation error of the own search network (%)"
    return front_figure([*map(_point, searches)], unit, sorted(targets), title, words)


def _point(search):
    target = search.cost_target
    label = search.name if target is None else f"{search.name}, target {target:g}"
    error = search.recommended_score / 100
    return SearchPoint(FOUND, label, search.derived_cost, error)
