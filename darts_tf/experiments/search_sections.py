"""The sections that the pages about all searches have."""

import shlex

from matplotlib.figure import Figure

from darts_tf.experiments.architecture_run import ArchitectureRun
from darts_tf.report import page
from darts_tf.report.alpha_figures import alpha_heat_map, alpha_history
from darts_tf.report.cell_drawing import cell_title, draw_genotype
from darts_tf.run_layout import BEST_GENOTYPE_FILE


def best_cells(run: ArchitectureRun, reason: str, note: str, command: str) -> str:
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


def latest_cells(run: ArchitectureRun) -> str:
    """Returns the section about the genotype of the last epoch."""
    when = f"epoch {page.epoch_of(run, -1)}"
    if run.latest == run.best:
        return f"<p>Those of {when} are the same as the best ones.</p>"
    cells = _cells(run.latest, "latest", when)
    text = page.preformatted(run.latest)
    return f"<p>From {when}; they differ from the best ones.</p>{cells}{text}"


def alpha(run: ArchitectureRun) -> tuple[dict[str, Figure], dict[str, Figure]]:
    """Returns the heat maps and the histories of alpha, one a kind, by their titles.

    Args:
        run: The search.
    """
    last = max(run.alphas)
    heat_maps, histories = {}, {}
    for kind, cell in run.latest.cells.items():
        space, title = run.space.of(kind), cell_title(kind)
        alphas = {epoch: of_epoch[kind] for epoch, of_epoch in run.alphas.items()}
        heading = f"{title}: softmax(alpha) after epoch {last}"
        heat_maps[heading] = alpha_heat_map(alphas[last], space, heading, cell)
        over_time = f"{title}: softmax(alpha) of each edge over the epochs"
        histories[over_time] = alpha_history(alphas, space, over_time)
    return heat_maps, histories


def _cells(genotype, name, when):
    return page.inline_figures(draw_genotype(genotype, when), name)


def retrain_command(run: ArchitectureRun, trainer: str, default_dataset: str) -> str:
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
