"""The sections that the pages about both kinds of search have."""

import shlex
from collections.abc import Mapping

import numpy as np

from darts_tf.experiments.convolutional_search.results import SearchRun
from darts_tf.experiments.recurrent_search.results import RecurrentSearchRun
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.convolutional_genotype import BEST_GENOTYPE_FILE, Genotype
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.report import page
from darts_tf.report.alpha_figures import alpha_heat_map, alpha_history
from darts_tf.report.cell_drawing import draw_genotype


def best_cells(
    run: SearchRun | RecurrentSearchRun, reason: str, note: str, command: str
) -> str:
    """Returns the section about the best genotype.

    Args:
        run: The search.
        reason: Why its epoch is the best one.
        note: How the genotype's text is to be read.
        command: The command that trains it.
    """
    epoch = page.epoch_of(run, run.best_row)
    return "\n".join(
        (
            f"<p>From epoch {epoch}, {reason}.</p>",
            _cells(run.best, "best", f"epoch {epoch}"),
            "<h3>The genotype as text</h3>",
            f'<p class="soft">{note}</p>',
            page.preformatted(run.best),
            "<h3>Train this cell</h3>",
            page.preformatted(command, wrap=True),
        )
    )


def latest_cells(run: SearchRun | RecurrentSearchRun) -> str:
    """Returns the section about the genotype of the last epoch."""
    when = f"epoch {page.epoch_of(run, -1)}"
    if run.latest == run.best:
        return f"<p>Those of {when} are the same as the best ones.</p>"
    cells = _cells(run.latest, "latest", when)
    text = page.preformatted(run.latest)
    return f"<p>From {when}; they differ from the best ones.</p>{cells}{text}"


def alpha(
    alphas: Mapping[int, np.ndarray],
    primitives: tuple[str, ...],
    title: str,
    cell: Cell | RecurrentGenotype,
    num_inputs: int,
) -> tuple[dict, dict]:
    """Returns the heat map and the history of the alpha of one cell, by their titles.

    Args:
        alphas: The raw alpha by epoch, shape `(edges, primitives)`.
        primitives: Names of the primitives, one a column.
        title: What the cell is called.
        cell: The cell derived from the last alpha.
        num_inputs: Number of the cell's input states.
    """
    last = max(alphas)
    heading = f"{title}: softmax(alpha) after epoch {last}"
    heat_map = alpha_heat_map(alphas[last], primitives, heading, cell, num_inputs)
    over_time = f"{title}: softmax(alpha) of each edge over the epochs"
    history = alpha_history(alphas, primitives, over_time, num_inputs)
    return {heading: heat_map}, {over_time: history}


def _cells(genotype: Genotype | RecurrentGenotype, name, when):
    return page.inline_figures(draw_genotype(genotype, when), name)


def retrain_command(
    run: SearchRun | RecurrentSearchRun, trainer: str, default_dataset: str
) -> str:
    """Returns the shell command that trains the best genotype of a search.

    Args:
        run: The search.
        trainer: Name of the module in `trainers`.
        default_dataset: The data set that this trainer takes if it is told none.
    """
    arguments = [f"--genotype={run.folder / BEST_GENOTYPE_FILE}"]
    if run.settings.get("dataset", default_dataset) != default_dataset:
        arguments.append(f"--dataset={run.settings['dataset']}")
    if run.settings.get("data_dir"):
        arguments.append(f"--data_dir={run.settings['data_dir']}")
    for flag in ("primitive_modules", "activation_modules"):
        if run.settings.get(flag):
            arguments.append(f"--{flag}={','.join(run.settings[flag])}")
    return shlex.join(["python", "-m", f"trainers.{trainer}", *arguments])
