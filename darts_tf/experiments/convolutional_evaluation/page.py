"""The page about a training on images."""

import base64
import io
import os
from pathlib import Path

from PIL import Image

from darts_tf.experiments.convolutional_evaluation.results import read_training_run
from darts_tf.report import curves, page
from darts_tf.report.cell_drawing import draw_genotype
from darts_tf.report.confusion import (
    MOST_CLASSES,
    confusion_heat_map,
    confusion_matrix,
    most_confused_pairs,
)
from darts_tf.zoo.registry import get_row, is_row


def write_training_report(run_folder: str | os.PathLike) -> Path:
    """Writes `report.html` into the folder of a training on images, finished or not.

    The page needs no other file and no network.

    Args:
        run_folder: The folder, with at least one epoch in it.

    Returns:
        The path of the page.

    Raises:
        RunFolderError: If a file of the folder is missing or damaged; a `ValueError`.
    """
    run = read_training_run(run_folder)
    return page.write_page(
        run,
        title=f"Training on {page.data_name(run)}",
        summary=f"{page.progress(run)} Least validation error "
        f"{_error(run, 'val_accuracy', run.best_row)} after epoch "
        f"{page.epoch_of(run, run.best_row)}.",
        facts=_facts(run),
        sections={
            "Curves": _curves(run),
            "Confusion": _confusion(run),
            "Misclassified images": _mistakes(run),
            **_network(run),
            "Export the model": page.export_section(run),
        },
    )


def _network(run):
    """The cells, and what there is to say of a row of the tables."""
    name, sections = run.settings.get("genotype"), {}
    if is_row(name):
        row = get_row(name)
        facts = {"row": row.name, "title": row.title, "source": row.source}
        sections["Network"] = page.table(facts)
    if run.genotype:
        figures = draw_genotype(run.genotype)
        sections["Cells"] = page.inline_figures(figures, "cell")
    return sections


def _facts(run):
    facts = {}
    rows = {"best epoch": run.best_row, "latest epoch": -1}
    for when, row in rows.items():
        facts[f"top-1 error, {when}"] = _error(run, "val_accuracy", row)
        if "val_top_5_accuracy" in run.metrics:
            facts[f"top-5 error, {when}"] = _error(run, "val_top_5_accuracy", row)
    return facts


def _error(run, column, row):
    return page.formatted(1 - run.metrics[column][row], ".2%")


def _curves(run):
    figures = {
        "Error": curves.errors(run.metrics),
        "Loss": curves.losses(run.metrics),
        "Learning rate": curves.learning_rate(run.metrics),
    }
    return page.inline_figures(figures, "curve", grid=True)


def _confusion(run):
    names, classes = run.data["class_names"], (run.labels, run.predictions)
    note = (
        f"<p>Of the {len(run.labels):,} validation images, by the network of epoch "
        f"{page.epoch_of(run, run.best_row)}.</p>"
    )
    if len(names) <= MOST_CLASSES:
        matrix = confusion_matrix(*classes, len(names))
        figure = confusion_heat_map(matrix, names)
        return note + page.inline_figure(figure, "confusion", "Confusion matrix")
    rows = "".join(
        f"<tr><td>{page.escape(names[label])}</td>"
        f"<td>{page.escape(names[prediction])}</td><td>{count}</td></tr>"
        for label, prediction, count in most_confused_pairs(*classes)
    )
    header = "<tr><th>class</th><th>taken for</th><th>images</th></tr>"
    return f'{note}<div class="scroll"><table>{header}{rows}</table></div>'


def _mistakes(run):
    mistakes, names = run.mistakes, run.data["class_names"]
    if not len(mistakes.images):
        return "<p>There are none.</p>"
    images = "".join(
        f'<div class="image">{_inline_png(image)}<b>{page.escape(names[label])}</b>'
        f"taken for {page.escape(names[prediction])} ({probability:.0%})</div>"
        for image, label, prediction, probability in zip(
            mistakes.images,
            mistakes.labels,
            mistakes.predictions,
            mistakes.probabilities,
        )
    )
    note = (
        "Some of those that the network of the best epoch got wrong, with its "
        "probability for what it took them for."
    )
    return f'<p>{note}</p><div class="images">{images}</div>'


def _inline_png(image):
    """Returns an image, uint8 of shape `(height, width, 1 or 3)`, inside HTML."""
    file = io.BytesIO()
    if image.shape[2] == 1:
        image = image[:, :, 0]
    Image.fromarray(image).save(file, "PNG")
    content = base64.b64encode(file.getvalue()).decode()
    return f'<img alt="" src="data:image/png;base64,{content}">'
