"""Which epoch of a search to keep, by each of the rules that papers have for it."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from darts_tf.atomic_file import write_atomically
from darts_tf.experiments.architecture_run import ArchitectureRun
from darts_tf.experiments.search_cost import SearchCost
from darts_tf.experiments.warning_signs import MOST_SKIP_CONNECTIONS
from darts_tf.method.stops import (
    RisingEigenvalue,
    StableRanking,
    last_with_few_skips,
    skip_connections,
)
from darts_tf.run_layout import RESULTS_FILE
from darts_tf.space.topology import SKIP

BEST, RISING = "best validation", "before the eigenvalue rises"
FEW_SKIPS = f"last with at most {MOST_SKIP_CONNECTIONS} skip connections"
STABLE = "stable ranking"


class KeptEpoch(NamedTuple):
    """The epoch of a search whose genotype is recommended.

    Attributes:
        epoch: Its number, counted from 1.
        reason: Why, a part of a sentence.
    """

    epoch: int
    reason: str


def epochs_by_rule(run: ArchitectureRun) -> dict[str, int | None]:
    """Returns the epoch that each rule keeps, `None` where it keeps none.

    A rule is missing where it has no meaning: that of skip connections in a space
    without any.

    Args:
        run: The search, finished or not.
    """
    history = run.history
    rules = {BEST: _best(run), RISING: RisingEigenvalue().rise(history)}
    if _counts_skips(run):
        rules[FEW_SKIPS] = last_with_few_skips(history, MOST_SKIP_CONNECTIONS)
    return {**rules, STABLE: StableRanking().first_stable(history)}


def recommended(run: ArchitectureRun) -> KeptEpoch:
    """Returns the epoch to keep, and why.

    That of the search's stop, if it has ended the search; else the best one of those
    with few skip connections; else the best one. Of a search with stages, the best are
    those of the last stage, whose networks no other epoch has.

    Args:
        run: The search, finished or not.
    """
    stopped = run.kept_by_stop
    if stopped is not None:
        return KeptEpoch(stopped, f"kept by the stop after epoch {_last(run)}")
    best, few = _best_of_last_stage(run), _best_with_few_skips(run)
    which = f"{BEST} of the last stage" if run.stages else BEST
    if few is None or few == best:
        return KeptEpoch(best, f"the {which}")
    return KeptEpoch(
        few,
        f"the {which} with at most {MOST_SKIP_CONNECTIONS} skip connections in the "
        f"normal cell; the best of all, epoch {best}, has more",
    )


def write_results(
    run: ArchitectureRun,
    cost: SearchCost | None = None,
    further: Mapping[str, Any] | None = None,
) -> None:
    """Writes which epochs the rules keep, and which one is recommended.

    Args:
        run: The search.
        cost: What it has cost, or `None` where that is not known.
        further: What else is written, by name.
    """
    kept = recommended(run)
    results = {
        "recommended_epoch": kept.epoch,
        "reason": kept.reason,
        "epochs": epochs_by_rule(run),
        **(cost._asdict() if cost else {}),
        **(further or {}),
    }
    write_atomically(run.folder / RESULTS_FILE, json.dumps(results, indent=2) + "\n")


def _best(run):
    return int(run.metrics["epoch"][run.best_row])


def _best_of_last_stage(run):
    if not run.stages:
        return _best(run)
    epochs = map(int, run.metrics["epoch"])
    return run.best_of([*filter(_is_of_last_stage(run), epochs)])


def _is_of_last_stage(run):
    """Whether the network of an epoch is that of the last one, a function."""
    space = run.space_after(_last(run))
    return lambda epoch: run.space_after(epoch) is space


def _last(run):
    return int(run.metrics["epoch"][-1])


def _counts_skips(run):
    return any(SKIP in cell.all_operations for cell in run.space.cells)


def _best_with_few_skips(run):
    """The best epoch of those with few skip connections, the first of equals."""
    if not _counts_skips(run):
        return None
    counts = _is_of_last_stage(run)
    few = [
        epoch.number
        for epoch in run.history
        if counts(epoch.number)
        and skip_connections(epoch.genotype) <= MOST_SKIP_CONNECTIONS
    ]
    return run.best_of(few) if few else None
