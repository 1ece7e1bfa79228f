"""The log of the small replication, which is all that its results are made of."""

import math
from pathlib import Path
from typing import Any

from benchmarks.replication.items import Item
from benchmarks.replication.settings import IMAGES, TEXTS
from benchmarks.run_log import RunLog
from darts_tf.comparison.finished_runs import FinishedTraining
from darts_tf.experiments.by_trials.run import BaselineRun
from darts_tf.experiments.kinds import kind_of_run
from darts_tf.experiments.search_cost import SearchCost, read_cost
from darts_tf.method.stops import normal_cell
from darts_tf.space.topology import SKIP

# What passes its input on as it is.
_SKIPS = {IMAGES: SKIP, TEXTS: "identity"}


class ReplicationLog(RunLog):
    """A row for each run that has ended.

    Its columns beside those of an `Item`:

    * `settings`: a few letters, the same for the same settings;
    * `error`: test error in percent or test perplexity of a training; of a search that
      of the validation, of the cells that it ends with;
    * `steps`, `passes`, `device_seconds`: see `SearchCost`;
    * `skips`: connections of the normal cell, or of the recurrent one, that pass on
      their input;
    * `genotype`: of a search the cells, as one line of JSON.
    """

    KEY = Item._fields
    COLUMNS = (*KEY, "settings", "error", *SearchCost._fields, "skips", "genotype")


def row_of(item: Item, settings: str, folder: Path) -> dict[str, Any]:
    """Returns the row of a run that has ended.

    Args:
        item: The run.
        settings: What the log says of its settings.
        folder: Its folder.

    Raises:
        UserError: If the folder is damaged.
    """
    kind = kind_of_run(folder)
    run = kind.read(folder)
    if not item.is_training:
        is_rival = isinstance(run, BaselineRun)
        genotype, row = (run.best, run.best_row) if is_rival else (run.latest, -1)
        error, cost = _validation(run.metrics, row), read_cost(folder)
    else:
        genotype, error = run.genotype, FinishedTraining(kind, run).error
        steps = int(run.metrics["step"][-1])
        cost = SearchCost(steps, steps, math.fsum(run.metrics["seconds"]))
    return {
        **item._asdict(),
        "settings": settings,
        "error": "nan" if error is None else f"{error:.4f}",
        "steps": cost.steps,
        "passes": cost.passes,
        "device_seconds": f"{cost.device_seconds:.1f}",
        "skips": normal_cell(genotype).count(_SKIPS[item.kind]),
        "genotype": "" if item.is_training else genotype.to_json(),
    }


def _validation(metrics, row):
    if "val_perplexity" in metrics:
        return metrics["val_perplexity"][row]
    return 100 * (1 - metrics["val_accuracy"][row])
