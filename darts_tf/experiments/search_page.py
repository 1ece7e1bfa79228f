"""The page about a search, of whatever cells."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from darts_tf.costs.registry import unit_of
from darts_tf.experiments.architecture_run import ArchitectureRun
from darts_tf.experiments.kept_epochs import epochs_by_rule, recommended
from darts_tf.experiments.methods.words import method_in_words
from darts_tf.experiments.warning_signs import warning_signs
from darts_tf.method.history import eigenvalues
from darts_tf.method.relaxations import softmax
from darts_tf.method.search.costed_search import DERIVED
from darts_tf.method.stops import RisingEigenvalue
from darts_tf.report import curves, page
from darts_tf.report.alpha_figures import alpha_heat_map, alpha_history
from darts_tf.report.cell_drawing import cell_title, draw_genotype
from darts_tf.run_layout import BEST_GENOTYPE_FILE, genotype_file
from darts_tf.runs.run_files import Run


@dataclass(frozen=True)
class SearchWords:
    """What the pages about one kind of search say in words of their own.

    Attributes:
        title: Title of the page, which the name of the data follows.
        cells: What it calls the cells of a genotype.
        score: What it calls the score of an epoch.
        column: Column of the metrics that holds it.
        form: Format of its value.
        reason: Why the best epoch is the best one.
        note: How the text of a genotype is to be read.
        trainer: Name of the module in `trainers` that trains a genotype.
        dataset: Data set that this trainer takes if it is told none.
    """

    title: str
    cells: str
    score: str
    column: str
    form: str
    reason: str
    note: str
    trainer: str
    dataset: str


def write_search_page(
    run: ArchitectureRun, words: SearchWords, sections: Mapping[str, str] | None = None
) -> Path:
    """Writes the page into the folder of a search; it needs no other file.

    Args:
        run: The search, finished or not.
        words: The words of its kind.
        sections: Further sections by their titles, in HTML.

    Returns:
        The path of the page.
    """
    kept = recommended(run)
    score = page.formatted(run.metrics[words.column][run.best_row], words.form)
    return page.write_page(
        run,
        title=f"{words.title} {page.data_name(run)}",
        summary=f"Order: {run.settings.get('order', 'unknown')}. {page.progress(run)} "
        f"Best {words.score} {score} after epoch {page.epoch_of(run, run.best_row)}.",
        facts={f"best {words.score}": score, "recommended epoch": kept.epoch},
        sections={
            "Which epoch to keep": _kept_epochs(run, words, kept),
            **_recommended_cells(run, words, kept.epoch),
            f"Best {words.cells}": _best_cells(run, words),
            f"Latest {words.cells}": _latest_cells(run),
            **(sections or {}),
            "Curves": _curves(run),
            "How alpha moved": _alpha(run),
            **_method(run),
        },
        warnings=warning_signs(run),
    )


def _method(run):
    words = method_in_words(run.settings)
    return {"Method": page.table(words)} if words else {}


def retrain_command(run: ArchitectureRun, words: SearchWords) -> str:
    """Returns the shell command that trains the recommended genotype of a search."""
    return command_of_epoch(run, words, recommended(run).epoch)


def command_of_epoch(run: Run, words: SearchWords, epoch: int) -> str:
    """Returns the shell command that trains the genotype of an epoch of a search.

    Args:
        run: The search.
        words: The words of its kind.
        epoch: The epoch, or the trial, counted from 1.
    """
    is_best = epoch == run.metrics["epoch"][run.best_row]
    file = BEST_GENOTYPE_FILE if is_best else genotype_file(epoch)
    arguments = [f"--genotype={run.folder / file}"]
    if run.settings.get("dataset", words.dataset) != words.dataset:
        arguments.append(f"--dataset={run.settings['dataset']}")
    for flag in ("data_dir", "image_size"):
        if run.settings.get(flag):
            arguments.append(f"--{flag}={run.settings[flag]}")
    for flag in ("primitive_modules", "activation_modules"):
        if run.settings.get(flag):
            arguments.append(f"--{flag}={','.join(run.settings[flag])}")
    return shlex.join(["python", "-m", f"trainers.{words.trainer}", *arguments])


def _kept_epochs(run, words, kept):
    """The epoch that each rule keeps, and how the recommended one is trained."""
    rows = {
        f"{rule[0].upper()}{rule[1:]}": "none" if epoch is None else f"epoch {epoch}"
        for rule, epoch in epochs_by_rule(run).items()
    }
    return "\n".join(
        (
            f"<p>Epoch {kept.epoch}: {kept.reason}.</p>",
            page.table(rows),
            '<p class="soft">The rule of the eigenvalue is that of RobustDARTS, on the '
            "values of every second epoch as there.</p>",
            "<p>The recommended genotype is trained by</p>",
            page.preformatted(retrain_command(run, words), wrap=True),
        )
    )


def _recommended_cells(run, words, epoch):
    """The recommended cells, where they are not the best ones."""
    genotype = run.genotypes[epoch]
    if genotype == run.best:
        return {}
    cells = _cells(genotype, "recommended", f"epoch {epoch}")
    return {f"Recommended {words.cells}": cells + page.preformatted(genotype)}


def _best_cells(run: ArchitectureRun, words: SearchWords) -> str:
    epoch = page.epoch_of(run, run.best_row)
    return "\n".join(
        (
            f"<p>From epoch {epoch}, {words.reason}.</p>",
            _cells(run.best, "best", f"epoch {epoch}"),
            "<h3>The genotype as text</h3>",
            f'<p class="soft">{words.note}</p>',
            page.preformatted(run.best),
        )
    )


def _latest_cells(run: ArchitectureRun) -> str:
    when = f"epoch {page.epoch_of(run, -1)}"
    if run.latest == run.best:
        return f"<p>Those of {when} are the same as the best ones.</p>"
    cells = _cells(run.latest, "latest", when)
    text = page.preformatted(run.latest)
    return f"<p>From {when}; they differ from the best ones.</p>{cells}{text}"


def _cells(genotype, name, when):
    return page.inline_figures(draw_genotype(genotype, when), name)


def _curves(run: ArchitectureRun) -> str:
    """Draws what was measured: accuracies of images, perplexities of a text."""
    metrics = run.metrics
    shapes = run.space.alpha_shapes().values()
    figures = {}
    if "val_accuracy" in metrics:
        figures["Accuracy"] = curves.accuracies(metrics)
    if "val_perplexity" in metrics:
        figures["Perplexity"] = curves.perplexities(metrics)
    figures["Loss"] = curves.losses(metrics)
    num_operations = max(operations for _, operations in shapes)
    figures["Entropy of alpha"] = curves.alpha_entropy(metrics, num_operations)
    if any(name.startswith(curves.SKIP_COLUMNS) for name in metrics):
        figures["Skip connections"] = curves.skip_connections(metrics)
    for name, (title, _) in curves.COUNTS.items():
        if name in metrics:
            figures[title] = curves.counts(metrics, name)
    if DERIVED in metrics:
        unit, target = unit_of(run.settings["cost"]), run.settings.get("cost_target")
        title = "Cost of the derived network"
        figures[title] = curves.costs(metrics, unit, target)
    rule = RisingEigenvalue()
    if eigenvalues(run.history):
        means, rise = rule.averages(run.history), rule.rise(run.history)
        figures["Eigenvalue"] = curves.eigenvalue(metrics, means, rise)
    figures["Learning rate"] = curves.learning_rate(metrics)
    figures["Norm of the gradients"] = curves.gradient_norms(metrics)
    return page.inline_figures(figures, "curve", grid=True)


def _alpha(run: ArchitectureRun) -> str:
    maps, histories = _alpha_figures(run)
    heat_maps = page.inline_figures(maps, "alpha", grid=len(maps) > 1)
    return heat_maps + page.inline_figures(histories, "history")


def _alpha_figures(
    run: ArchitectureRun,
) -> tuple[dict[str, Figure], dict[str, Figure]]:
    """Returns the heat maps and the histories of alpha, one a kind, by their titles.

    Of a search with stages they are those of the last one.
    """
    last = max(run.alphas)
    last_space = run.space_after(last)
    of_stage = {
        epoch: strengths
        for epoch, strengths in run.strengths.items()
        if run.space_after(epoch) is last_space
    }
    plain = all(
        np.array_equal(x, softmax(run.alphas[last][kind]))
        for kind, x in run.strengths[last].items()
    )
    what = "softmax(alpha)" if plain else "strengths of the operations"
    heat_maps, histories = {}, {}
    for kind, cell in run.latest.cells.items():
        space, title = last_space.of(kind), cell_title(kind)
        strengths = {epoch: x[kind] for epoch, x in of_stage.items()}
        heading = f"{title}: {what} after epoch {last}"
        heat_maps[heading] = alpha_heat_map(strengths[last], space, heading, cell)
        epochs = "epochs of the last stage" if run.stages else "epochs"
        over_time = f"{title}: {what} of each edge over the {epochs}"
        histories[over_time] = alpha_history(strengths, space, over_time)
    return heat_maps, histories
