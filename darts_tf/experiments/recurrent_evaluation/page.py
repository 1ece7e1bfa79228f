"""The page about a training of a language model."""

import os
from pathlib import Path

from darts_tf.experiments.recurrent_evaluation.results import read_language_run
from darts_tf.report import curves, page
from darts_tf.report.cell_drawing import draw_genotype


def write_language_report(run_folder: str | os.PathLike) -> Path:
    """Writes `report.html` into the folder of a language model, finished or not.

    The page needs no other file and no network.

    Args:
        run_folder: The folder, with at least one epoch in it.

    Returns:
        The path of the page.

    Raises:
        RunFolderError: If a file of the folder is missing or damaged; a `ValueError`.
    """
    run = read_language_run(run_folder)
    epoch = page.epoch_of(run, run.best_row)
    return page.write_page(
        run,
        title=f"Language model of {page.data_name(run)}",
        summary=f"{page.progress(run)} Best validation perplexity "
        f"{_perplexity(run, run.best_row)} after epoch {epoch}.",
        facts=_facts(run),
        sections={
            "Curves": _curves(run),
            **_cell(run),
            "Export the model": page.export_section(run),
        },
    )


def _cell(run):
    if run.genotype is None:
        return {"Network": page.preformatted(run.settings["genotype"])}
    figures = page.inline_figures(draw_genotype(run.genotype), "cell")
    return {"Cell": figures + page.preformatted(run.genotype)}


def _facts(run):
    facts = {}
    if run.test_perplexity is not None:
        facts["test perplexity"] = page.formatted(run.test_perplexity, ".2f")
    facts["best validation perplexity"] = _perplexity(run, run.best_row)
    facts["latest validation perplexity"] = _perplexity(run, -1)
    begin = curves.first_averaged_epoch(run.metrics)
    facts["averaging begins"] = "not yet" if begin is None else f"epoch {begin:.0f}"
    facts["recoveries"] = page.formatted(run.metrics["recoveries"][-1], ".0f")
    return facts


def _perplexity(run, row):
    return page.formatted(run.metrics["val_perplexity"][row], ".2f")


def _curves(run):
    figures = {
        "Perplexity": curves.perplexities(run.metrics),
        "Loss": curves.losses(run.metrics),
        "Learning rate": curves.learning_rate(run.metrics),
    }
    return page.inline_figures(figures, "curve", grid=True)
