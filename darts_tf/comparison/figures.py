"""The plots of a comparison, each where the runs allow it."""

import collections
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from darts_tf.comparison.agreement import (
    agreements,
    drawn_agreement,
    mean_agreement,
)
from darts_tf.comparison.cost_fronts import cost_fronts
from darts_tf.comparison.entry import Entry
from darts_tf.comparison.finished_runs import FinishedSearch, names_of
from darts_tf.comparison.ranking import Ranking, interval, ranking_of
from darts_tf.report.figure_settings import own_settings
from darts_tf.report.figure_style import GRID, INK, new_figure

COLORS = ("#2563b8", "#d9730d", "#23875a", "#9333a8", "#b8254a", "#5a6372")
SOFT = "#4a5260"
_LONGEST = 44
# Sizes of networks by their attribute in an entry.
_SIZES = {"multiply_adds": "mult-adds", "weights": "weights"}


def figures_of(
    searches: Sequence[FinishedSearch], entries: Sequence[Entry], device_count: int
) -> dict[str, Figure]:
    """Draws what the runs on the same data allow.

    Args:
        searches: The searches.
        entries: The lines of the table.
        device_count: See `FinishedRun.hours`.

    Returns:
        The figures by their titles.
    """
    figures = {}
    measured = [x for x in searches if x.hours(device_count) is not None]
    if measured:
        title = "Best validation against the cost of the search"
        figures[title] = cost_figure(title, measured, device_count)
    if any(len(entry.trainings) > 1 and entry.error for entry in entries):
        title = "Distribution over trainings of the same cells"
        figures[title] = distribution_figure(title, entries)
    for attribute, words in _SIZES.items():
        sized = [x for x in entries if x.error and getattr(x, attribute) is not None]
        if len(sized) > 1 and any(entry.trainings for entry in sized):
            title = f"Error against {words}"
            figures[title] = size_figure(title, sized, attribute)
    figures |= cost_fronts(searches)
    ranking = ranking_of(entries)
    if ranking is not None:
        title = "Ranking of cells by their searches and their trainings"
        figures[title] = ranking_figure(title, ranking, searches[0].is_text)
    for (method, space), found in _same_searches(searches).items():
        if len(found) > 1:
            title = f"Equal edges of the cells found by {method}"
            if title in figures:
                # Two spaces may have one name.
                title += f" in {space.name} ({len(figures) + 1})"
            figures[title] = agreement_figure(title, found)
    return figures


def _same_searches(searches):
    groups = collections.defaultdict(list)
    for search in searches:
        groups[search.method, search.space].append(search)
    return groups


def best_so_far(
    searches: Sequence[FinishedSearch], device_count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Returns the best validation of several seeds against the cost.

    Args:
        searches: The searches, whose times are known.
        device_count: See `FinishedRun.hours`.

    Returns:
        Tuple of the device hours at which the best of any search changes or an epoch
        ends, from the hour on at which all have one, shape `(times,)`, and of the best
        so far of each search then, shape `(searches, times)`. A search that has ended
        keeps its best.
    """
    steps = [_steps(search, device_count) for search in searches]
    begin = max(hours[0] for hours, _ in steps)
    times = np.unique(np.concatenate([hours for hours, _ in steps]))
    times = times[times >= begin]
    values = [
        best[np.searchsorted(hours, times, side="right") - 1] for hours, best in steps
    ]
    return times, np.stack(values)


def _steps(search, device_count):
    hours = search.hours_after_epochs(device_count)
    return hours, np.minimum.accumulate(search.validation_scores())


@own_settings
def cost_figure(
    title: str, searches: Sequence[FinishedSearch], device_count: int
) -> Figure:
    """Draws the best validation so far against device hours, a color a method.

    The line is the median over the seeds, and the band reaches from the best to the
    worst of them.

    Args:
        title: Text above.
        searches: Searches on the same data, whose times are known.
        device_count: See `FinishedRun.hours`.
    """
    figure = new_figure(title, (7.2, 3.9))
    axes = figure.subplots()
    methods = collections.defaultdict(list)
    for search in searches:
        methods[search.method].append(search)
    for number, (method, found) in enumerate(methods.items()):
        color = COLORS[number % len(COLORS)]
        times, values = best_so_far(found, device_count)
        label = f"{method}, {_count(len(found), 'search', 'searches')}"
        median = np.median(values, axis=0)
        style = {"color": color, "lw": 1.8, "marker": "o" if len(times) == 1 else ""}
        axes.plot(times, median, drawstyle="steps-post", label=label, **style)
        low, high = values.min(axis=0), values.max(axis=0)
        axes.fill_between(times, low, high, step="post", color=color, alpha=0.18, lw=0)
    style_axes(axes)
    axes.set_xlim(left=0)
    axes.set_xlabel("device hours", color=SOFT, fontsize=9)
    what = "perplexity" if searches[0].is_text else "error of the search network (%)"
    axes.set_ylabel(f"best validation {what}", color=SOFT, fontsize=9)
    axes.legend(fontsize=8.5, frameon=True, framealpha=0.85, edgecolor="none")
    return figure


@own_settings
def size_figure(title: str, entries: Sequence[Entry], attribute: str) -> Figure:
    """Draws the test error against a size of the network, by name.

    Args:
        title: Text above.
        entries: Lines of a table whose errors and sizes are known.
        attribute: That of the size in an entry.
    """
    figure = new_figure(title, (7.2, 4.4))
    axes = figure.subplots()
    for entry in entries:
        is_run = bool(entry.trainings)
        place = (getattr(entry, attribute), entry.error.mean)
        style = {"color": COLORS[1]} if is_run else {"mfc": "none", "mec": COLORS[0]}
        axes.plot(*place, "o", ms=6 if is_run else 5, **style)
        axes.annotate(
            _cut(entry.title),
            place,
            (5, 3),
            textcoords="offset points",
            fontsize=6.5,
            color=INK if is_run else SOFT,
        )
    style_axes(axes)
    label = f"{_SIZES[attribute]} (millions); filled: runs, hollow: published"
    axes.set_xlabel(label, color=SOFT, fontsize=9)
    runs = [training for entry in entries for training in entry.trainings]
    what = "test perplexity" if runs[0].is_text else "test error (%)"
    axes.set_ylabel(what, color=SOFT, fontsize=9)
    return figure


@own_settings
def distribution_figure(title: str, entries: Sequence[Entry]) -> Figure:
    """Draws the test error of each training, a line for each entry, with the mean.

    Args:
        title: Text above.
        entries: The lines of a table; those without runs do not count.
    """
    entries = [entry for entry in entries if entry.trainings and entry.error]
    figure = new_figure(title, (7.2, 1.4 + 0.38 * len(entries)))
    axes = figure.subplots()
    for row, entry in enumerate(entries):
        errors = [training.error for training in entry.trainings]
        axes.plot(errors, [row] * len(errors), "o", ms=6, alpha=0.55, color=COLORS[0])
        axes.plot(entry.error.mean, row, "|", ms=16, mew=2.2, color=COLORS[1])
    axes.set_yticks(range(len(entries)), [_cut(x.title) for x in entries], fontsize=8.5)
    axes.set_ylim(len(entries) - 0.5, -0.5)
    style_axes(axes)
    is_text = entries[0].trainings[0].is_text
    what = "test perplexity" if is_text else "test error (%)"
    label = f"{what}; dots: trainings, line: mean"
    axes.set_xlabel(label, color=SOFT, fontsize=9)
    return figure


@own_settings
def ranking_figure(title: str, ranking: Ranking, is_text: bool) -> Figure:
    """Draws the test error of trained cells against the validation of their searches.

    Args:
        title: Text above.
        ranking: The cells.
        is_text: Whether the errors are perplexities.
    """
    figure = new_figure(title, (5.6, 4.0))
    axes = figure.subplots()
    axes.plot(ranking.searched, ranking.trained, "o", ms=7, color=COLORS[0])
    style_axes(axes)
    what = "perplexity" if is_text else "error (%)"
    axes.set_ylabel(f"test {what} of the trainings", color=SOFT, fontsize=9)
    value, count = ranking.correlation, len(ranking.titles)
    bounds = interval(value, count)
    spread = f", 95 % from {bounds[0]:.2f} to {bounds[1]:.2f}" if bounds else ""
    label = f"rank correlation of {count} cells {value:.2f}{spread}"
    label = f"validation {what} in the search\n{label}"
    axes.set_xlabel(label, color=SOFT, fontsize=9)
    return figure


@own_settings
def agreement_figure(title: str, searches: Sequence[FinishedSearch]) -> Figure:
    """Draws which share of the edges each two searches have in common.

    Args:
        title: Text above.
        searches: Searches of the same space, two at least.
    """
    values = agreements([search.genotype for search in searches])
    names = [*map(_cut, names_of(searches))]
    side = 2.6 + 0.5 * len(searches)
    figure = new_figure(title, (max(side + 1.2, 5.6), side))
    axes = figure.subplots()
    axes.imshow(values, cmap="Blues", vmin=0, vmax=1)
    for (row, column), value in np.ndenumerate(values):
        color = "white" if value > 0.6 else INK
        style = {"ha": "center", "va": "center", "fontsize": 8, "color": color}
        axes.text(column, row, f"{value:.0%}", **style)
    places = range(len(names))
    axes.set_xticks(places, names, rotation=35, ha="right", fontsize=8.5)
    axes.set_yticks(places, names, fontsize=8.5)
    axes.tick_params(length=0, colors=INK)
    axes.spines[:].set_visible(False)
    drawn = drawn_agreement(searches[0].space)
    mean = mean_agreement(values)
    label = f"mean of the pairs {mean:.0%}; of drawn cells {drawn:.0%}"
    axes.set_xlabel(label, color=SOFT, fontsize=9)
    return figure


def file_names(figures: Mapping[str, Figure], prefix: str) -> dict[str, str]:
    """Returns the name of the file of each figure by its title, without suffix.

    Args:
        figures: The figures by title.
        prefix: The start of the names.
    """
    kinds = {
        "Best": "cost",
        "Distribution": "distribution",
        "Error": "size",
        "Front": "front",
        "Ranking": "ranking",
        "Equal": "agreement",
    }
    return {
        title: f"{prefix}_{kinds[title.split()[0]]}_{number}"
        for number, title in enumerate(figures, start=1)
    }


def style_axes(axes: Axes) -> None:
    """Draws a grid, and no frame."""
    axes.grid(color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color("#9aa3af")
    axes.tick_params(colors=SOFT, labelsize=9)


def _count(number, one, several):
    return f"{number} {one if number == 1 else several}"


def _cut(name):
    """Shortens a name in its middle: titles differ at the start, paths at the end."""
    half = (_LONGEST - 3) // 2
    return name if len(name) <= _LONGEST else f"{name[:half]}...{name[-half:]}"
