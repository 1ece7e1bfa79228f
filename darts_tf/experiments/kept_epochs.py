"""Which epoch of a search to keep, by each of the rules that papers have for it."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from darts_tf.atomic_file import write_atomically
from darts_tf.experiments.architecture_run import ArchitectureRun
from darts_tf.experiments.cell_files import save_cells
from darts_tf.experiments.search_cost import SearchCost
from darts_tf.experiments.warning_signs import MOST_SKIP_CONNECTIONS
from darts_tf.method.search.costed_search import DERIVED
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
    those of the last stage, whose networks no other epoch has; and of one with a target
    for the cost, those whose derived networks meet it, or else cost least.

    Args:
        run: The search, finished or not.
    """
    stopped = run.kept_by_stop
    if stopped is not None:
        return KeptEpoch(stopped, f"kept by the stop after epoch {_last(run)}")
    epochs, which = _candidates(run)
    best, few = run.best_of(epochs), _best_with_few_skips(run, epochs)
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

    Where its cells are not the best ones, they are drawn as well.

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
    genotype = run.genotypes[kept.epoch]
    if genotype != run.best:
        save_cells(run.folder, genotype, "recommended", f"epoch {kept.epoch}")
    write_atomically(run.folder / RESULTS_FILE, json.dumps(results, indent=2) + "\n")


def _best(run):
    return int(run.metrics["epoch"][run.best_row])


def _candidates(run):
    """The epochs of which the best one is kept, and what that is called."""
    epochs, which = [*map(int, run.metrics["epoch"])], BEST
    if run.stages:
        space = run.space_after(_last(run))
        epochs = [epoch for epoch in epochs if run.space_after(epoch) is space]
        which += " of the last stage"
    target = run.settings.get("cost_target")
    if target is None or DERIVED not in run.metrics:
        return epochs, which
    costs = dict(zip(run.metrics["epoch"], run.metrics[DERIVED]))
    least = min(map(costs.__getitem__, epochs))
    which += " within the target" if least <= target else " of the cheapest cells"
    return [x for x in epochs if costs[x] <= max(least, target)], which


def _last(run):
    return int(run.metrics["epoch"][-1])


def _counts_skips(run):
    return any(SKIP in cell.all_operations for cell in run.space.cells)


def _best_with_few_skips(run, epochs):
    """The best of some epochs with few skip connections, the first of equals."""
    if not _counts_skips(run):
        return None
    few = [
        epoch.number
        for epoch in run.history
        if epoch.number in epochs
        and skip_connections(epoch.genotype) <= MOST_SKIP_CONNECTIONS
    ]
    return run.best_of(few) if few else None
