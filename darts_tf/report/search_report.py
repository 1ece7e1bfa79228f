"""One HTML page about a search: cells, curves, alpha, settings and cost."""

import html
import importlib.resources
import json
import math
import os
import shlex
import string
from collections.abc import Iterable, Mapping
from pathlib import Path

from matplotlib.figure import Figure

from darts_tf.atomic_file import write_atomically
from darts_tf.genotype import BEST_GENOTYPE_FILE, Genotype
from darts_tf.report import curves
from darts_tf.report.alpha_figures import alpha_heat_map, alpha_history
from darts_tf.report.cell_drawing import draw_cell
from darts_tf.report.figure_files import figure_to_svg
from darts_tf.report.search_run import COLUMNS, SearchRun, read_run
from darts_tf.report.warning_signs import warning_signs

_CELLS = {"normal": "Normal cell", "reduce": "Reduction cell"}


def write_search_report(run_folder: str | os.PathLike) -> Path:
    """Writes `report.html` into the folder of a search, finished or not.

    The page needs no other file and no network.

    Args:
        run_folder: The folder, with at least one epoch in it.

    Returns:
        The path of the page.

    Raises:
        RunFolderError: If a file of the folder is missing or damaged; a `ValueError`.
    """
    run = read_run(run_folder)
    file = importlib.resources.files("darts_tf.report") / "search_report.html"
    page = string.Template(file.read_text(encoding="utf-8"))
    content = page.substitute(_parts(run))
    return write_atomically(run.folder / "report.html", content.encode())


def retrain_command(run: SearchRun) -> str:
    """Returns the shell command that trains the best cell of a search."""
    arguments = [f"--genotype={run.folder / BEST_GENOTYPE_FILE}"]
    if run.settings.get("dataset", "cifar10") != "cifar10":
        arguments.append(f"--dataset={run.settings['dataset']}")
    if run.settings.get("data_dir"):
        arguments.append(f"--data_dir={run.settings['data_dir']}")
    return shlex.join(["python", "-m", "trainers.eval_cifar", *arguments])


def _parts(run):
    epoch = f"{run.metrics['epoch'][run.best_row]:.0f}"
    return {
        "title": _escape(f"Architecture search on {_data_name(run)}"),
        "summary": _summary(run),
        "warnings": _warnings(warning_signs(run.metrics, run.settings)),
        "facts": _facts(run),
        "best_note": f"From epoch {epoch}, the highest validation accuracy.",
        "best_cells": _cells(run.best, "best", f"epoch {epoch}"),
        "best_genotype": _escape(run.best),
        "command": _escape(retrain_command(run)),
        "latest": _latest(run),
        "curves": _curves(run),
        "alpha": _alpha(run),
        "epochs": _epoch_table(run),
        "search_command": _escape(run.command),
        "settings": _table(run.settings),
        "data": _table(run.data),
        "versions": _table({**run.versions, **_cost(run)}),
    }


def _escape(value):
    return html.escape(str(value))


def _data_name(run):
    return run.data.get("name", run.settings.get("dataset", "images"))


def _summary(run):
    epochs = f"{run.metrics['epoch'][-1]:.0f}"
    if "epochs" in run.settings:
        epochs += f" of {run.settings['epochs']}"
    order = run.settings.get("order", "unknown")
    return _escape(
        f"Order: {order}. {epochs} epochs done. Best validation accuracy "
        f"{_best_accuracy(run)} after epoch {run.metrics['epoch'][run.best_row]:.0f}."
    )


def _warnings(warnings):
    if not warnings:
        return ""
    items = "".join(f"<li>{_escape(warning)}</li>" for warning in warnings)
    return f'<div class="warnings"><b>Look at this first</b><ul>{items}</ul></div>'


def _facts(run):
    facts = {
        "best validation accuracy": _best_accuracy(run),
        "epochs done": f"{run.metrics['epoch'][-1]:.0f}",
        **_cost(run),
    }
    return "".join(
        f'<div class="fact"><b>{_escape(value)}</b><span>{name}</span></div>'
        for name, value in facts.items()
    )


def _cost(run):
    seconds = _measured(run, "seconds")
    memory = _measured(run, "peak_memory_gb")
    cost = {"weights": f"{run.num_weights:,}"}
    if seconds:
        cost["total time"] = _duration(sum(seconds))
        cost["seconds an epoch"] = f"{sum(seconds) / len(seconds):.1f}"
    if memory:
        cost["peak memory"] = f"{max(memory):.2f} GB"
    return cost


def _measured(run, column):
    return [value for value in run.metrics[column] if math.isfinite(value)]


def _best_accuracy(run):
    accuracy = run.metrics["val_accuracy"][run.best_row]
    return "not measured" if math.isnan(accuracy) else f"{accuracy:.2%}"


def _duration(seconds):
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{seconds / 60:.1f} min"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def _figure(figure: Figure, name, title):
    """Inline SVG; ids get a prefix because those of all figures share the page."""
    svg = figure_to_svg(figure).decode()
    svg = svg[svg.index("<svg") :]
    for mark in (' id="', 'href="#', "url(#"):
        svg = svg.replace(mark, f"{mark}{name}-")
    width = figure.get_figwidth()
    style = f"min-width: {min(width, 11) * 4:.1f}rem; max-width: {width * 6.5:.1f}rem"
    label = f'<svg role="img" aria-label="{_escape(title)}" style="{style}"'
    return f"<figure>{label}{svg.removeprefix('<svg')}</figure>"


def _cells(genotype: Genotype, name, when):
    figures = []
    for field, title in _CELLS.items():
        title = f"{title}, {when}"
        figure = draw_cell(getattr(genotype, field), title)
        figures.append(_figure(figure, f"{name}-{field}", title))
    return "\n".join(figures)


def _latest(run):
    when = f"epoch {run.metrics['epoch'][-1]:.0f}"
    if run.latest == run.best:
        return f"<p>The latest cells, of {when}, are the same.</p>"
    return (
        f"<h2>Latest cells</h2><p>From {when}; they differ from the best ones.</p>"
        f"{_cells(run.latest, 'latest', when)}<pre>{_escape(run.latest)}</pre>"
    )


def _curves(run):
    metrics = run.metrics
    figures = {
        "Accuracy": curves.accuracies(metrics),
        "Loss": curves.losses(metrics),
        "Entropy of alpha": curves.alpha_entropy(
            metrics, len(run.settings["primitives"])
        ),
        "Skip connections": curves.skip_connections(metrics),
        "Learning rate": curves.learning_rate(metrics),
        "Norm of the gradients": curves.gradient_norms(metrics),
    }
    return "\n".join(
        _figure(figure, f"curve-{number}", title)
        for number, (title, figure) in enumerate(figures.items())
    )


def _alpha(run):
    primitives = run.settings["primitives"]
    last = max(run.alphas)
    maps, histories = [], []
    for field, title in _CELLS.items():
        alphas = {epoch: alpha[field] for epoch, alpha in run.alphas.items()}
        heading = f"{title}: softmax(alpha) after epoch {last}"
        cell = getattr(run.latest, field)
        figure = alpha_heat_map(alphas[last], primitives, heading, cell)
        maps.append(_figure(figure, f"alpha-{field}", heading))
        heading = f"{title}: softmax(alpha) of each edge over the epochs"
        figure = alpha_history(alphas, primitives, heading)
        histories.append(_figure(figure, f"history-{field}", heading))
    return "\n".join(['<div class="grid">', *maps, "</div>", *histories])


def _epoch_table(run):
    header = "".join(f"<th>{_escape(name.replace('_', ' '))}</th>" for name in COLUMNS)
    rows = []
    for number, values in enumerate(zip(*(run.metrics[name] for name in COLUMNS))):
        cells = "".join(f"<td>{_number(value)}</td>" for value in values)
        mark = ' class="best"' if number == run.best_row else ""
        rows.append(f"<tr{mark}>{cells}</tr>")
    return f'<table class="epochs"><tr>{header}</tr>{"".join(rows)}</table>'


def _number(value):
    if math.isnan(value):
        return "–"
    return f"{value:.0f}" if value.is_integer() else f"{value:.4g}"


def _table(fields: Mapping):
    rows = (
        f"<tr><th>{_escape(name)}</th><td>{_escape(_plain(value))}</td></tr>"
        for name, value in fields.items()
    )
    return f"<table>{''.join(rows)}</table>"


def _plain(value):
    if value is None:
        return "not set"
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable) and not isinstance(value, Mapping):
        return ", ".join(map(_plain, value))
    return json.dumps(value)
