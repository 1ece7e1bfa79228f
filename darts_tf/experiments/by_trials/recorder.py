"""What a search by trials writes into its folder, beside its log."""

import json
import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from darts_tf.atomic_file import write_atomically
from darts_tf.experiments.by_trials.run import FIRST_COLUMNS, LAST_COLUMNS, UNIT
from darts_tf.experiments.cell_files import save_cells
from darts_tf.experiments.search_cost import SearchCost
from darts_tf.experiments.search_page import SearchWords
from darts_tf.report import page
from darts_tf.run_layout import (
    BEST_GENOTYPE_FILE,
    METRICS_FILE,
    RESULTS_FILE,
    genotype_file,
)
from darts_tf.runs.metrics_table import MetricsTable
from darts_tf.trials import Budget, TrialHistory

# Results follow from the log, so that they need not be written after each trial of a
# table, of which there are hundreds a second.
_SECONDS_BETWEEN_RESULTS, _SECONDS_BETWEEN_PAGES = 1, 60


class BaselineRecorder:
    """Writes genotypes, metrics and the page, and says what each trial came to.

    Args:
        folder: Path of the run.
        history: The trials so far.
        budget: The `Budget`.
        columns: Columns of the metrics beside those of all searches by trials.
        words: The `SearchWords` of its kind.
        write_page: Function of the folder.
        require_folder: Function that raises where the folder is gone.
    """

    def __init__(
        self,
        folder: Path,
        history: TrialHistory,
        budget: Budget,
        columns: Sequence[str],
        words: SearchWords,
        write_page: Callable[[Path], object],
        require_folder: Callable[[], None],
    ):
        self._folder, self._history, self._budget = folder, history, budget
        self._columns, self._words = columns, words
        self._write_page, self._require_folder = write_page, require_folder
        all_columns = (*FIRST_COLUMNS, *columns, *LAST_COLUMNS)
        self._table = MetricsTable(folder / METRICS_FILE, 0, all_columns)
        self._results_written = self._page_written = time.monotonic()

    def told(self, number: int) -> None:
        """Follows on a trial that has been told."""
        if self._history.outcomes[number].seconds or number == self._history.best:
            print(self._line(number), flush=True)
        now = time.monotonic()
        if now - self._results_written < _SECONDS_BETWEEN_RESULTS:
            return
        self._write_results()
        self._results_written = now
        if now - self._page_written >= _SECONDS_BETWEEN_PAGES:
            self._write_page(self._folder)
            self._page_written = now

    def end(self) -> None:
        """Writes all that follows from the log, and what was recommended."""
        self._write_results()
        outcomes = self._history.outcomes
        spent = self._history.spent
        results = {
            "recommended_epoch": self._history.best,
            "reason": f"the best of {len(outcomes)}",
            "unit": UNIT,
            "trials": len(outcomes),
            **SearchCost(spent.steps, spent.steps, spent.seconds)._asdict(),
        }
        text = json.dumps(results, indent=2) + "\n"
        write_atomically(self._folder / RESULTS_FILE, text)
        self._write_page(self._folder)

    def _write_results(self):
        self._require_folder()
        genotypes = self._history.genotypes
        for number in self._history.outcomes:
            path = self._folder / genotype_file(number)
            if not path.exists():
                write_atomically(path, genotypes[number].to_json() + "\n")
        self._table.replace(self._rows())
        self._write_best(genotypes[self._history.best])

    def _write_best(self, genotype):
        path, text = self._folder / BEST_GENOTYPE_FILE, genotype.to_json() + "\n"
        if path.exists() and path.read_text("utf-8") == text:
            return
        save_cells(self._folder, genotype, "best", f"{UNIT} {self._history.best}")
        # It comes after the drawings, so that they are those of this genotype.
        write_atomically(path, text)

    def _rows(self):
        """The rows of the metrics, a trial each, in the order of their numbers."""
        rows, steps = [], 0
        for number, outcome in sorted(self._history.outcomes.items()):
            steps += outcome.steps
            measured = {
                name: _number(outcome.metrics.get(name))
                for name in (*self._columns, *LAST_COLUMNS)
            }
            own = {"epoch": number, "step": steps, "seconds": outcome.seconds}
            rows.append({**measured, **own})
        return rows

    def _line(self, number):
        history, words = self._history, self._words
        best = history.best
        scores = [
            page.formatted(
                _number(history.outcomes[x].metrics.get(words.column)), words.form
            )
            for x in (number, best)
        ]
        share = self._budget.share(history.spent)
        return (
            f"{UNIT} {number}: {words.score} {scores[0]} (best {scores[1]} in {UNIT} "
            f"{best}); {history.outcomes[number].seconds:.0f} s; {share:.0%} of "
            f"{self._budget}"
        )


def _number(value):
    return math.nan if value is None else value
