"""HTML pages about a run or anything else, which need no other file and no network."""

import html
import importlib.resources
import json
import math
import os
import shlex
import string
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from darts_tf.atomic_file import write_atomically
from darts_tf.report.figure_files import figure_to_svg
from darts_tf.run_layout import EXPORT_FOLDER, REPORT_FILE
from darts_tf.runs.run_files import Run


def write_page(
    run: Run,
    title: str,
    summary: str,
    facts: Mapping[str, object],
    sections: Mapping[str, str],
    warnings: Sequence[str] = (),
) -> Path:
    """Writes `report.html` into the folder of a run.

    Args:
        run: The run, whose best epoch is marked in the table of epochs.
        title: Title of the page.
        summary: A few sentences under it.
        facts: What stands in boxes at the top, before the cost of the run, by name.
        sections: HTML by its heading.
        warnings: What stands above all else.

    Returns:
        The path of the page.
    """
    details = _filled(
        "details.html",
        rows=f"{run.UNIT}s".capitalize(),
        metrics=_metrics_table(run),
        command=escape(run.command),
        settings=table(run.settings),
        data=table(run.data),
        versions=table({**run.versions, **_cost(run)}),
    )
    content = _page(
        title,
        summary,
        sections,
        warnings=_warnings(warnings),
        facts=_facts({**facts, f"{run.UNIT}s done": epoch_of(run, -1), **_cost(run)}),
        details=details,
    )
    return write_atomically(run.folder / REPORT_FILE, content)


def write_plain_page(
    path: str | os.PathLike, title: str, summary: str, sections: Mapping[str, str]
) -> Path:
    """Writes a page that is about no run; it needs no other file and no network.

    Args:
        path: The file; its folder is made if need be.
        title, summary, sections: See `write_page`.

    Returns:
        The path of the page.
    """
    return write_atomically(path, _page(title, summary, sections))


def _page(title, summary, sections, warnings="", facts="", details=""):
    return _filled(
        "page.html",
        title=escape(title),
        summary=escape(summary),
        warnings=warnings,
        facts=facts,
        sections="\n".join(f"<h2>{h}</h2>\n{body}\n" for h, body in sections.items()),
        details=details,
    )


def _filled(name, **texts):
    file = importlib.resources.files("darts_tf.report") / name
    return string.Template(file.read_text(encoding="utf-8")).substitute(texts)


def escape(value: object) -> str:
    """Returns the text of a value for HTML."""
    return html.escape(str(value))


def epoch_of(run: Run, row: int) -> str:
    """Returns the number of the epoch in a row of the metrics."""
    return f"{run.metrics['epoch'][row]:.0f}"


def progress(run: Run) -> str:
    """Returns how many epochs are done, of how many if that is set, in a sentence."""
    epochs = epoch_of(run, -1)
    # A projection of DARTS-PT follows on the epochs that are set.
    if "epochs" in run.settings and run.settings.get("projection", "none") == "none":
        epochs += f" of {run.settings['epochs']}"
    return f"{epochs} epochs done."


def data_name(run: Run) -> str:
    """Returns the name of the data of a run."""
    return str(run.data.get("name", run.settings.get("dataset", "unnamed data")))


def formatted(value: float, form: str) -> str:
    """Returns a measured value as `format` writes it, or that there is none."""
    return "not measured" if math.isnan(value) else format(value, form)


def export_section(run: Run) -> str:
    """Returns the shell command that exports the best model of a training, as HTML."""
    arguments = [f"--run={run.folder}", f"--output={run.folder / EXPORT_FOLDER}"]
    command = shlex.join(["python", "-m", "trainers.export", *arguments])
    return preformatted(command, wrap=True)


def preformatted(text: object, wrap: bool = False) -> str:
    """Returns text whose line breaks stay, as HTML."""
    start = '<pre class="wrap">' if wrap else "<pre>"
    return f"{start}{escape(text)}</pre>"


def inline_figure(figure: Figure, name: str, title: str) -> str:
    """Returns a figure as SVG inside HTML.

    Args:
        figure: The figure.
        name: Prefix of its ids, another one for each figure of the page.
        title: Its text for those who cannot see it.
    """
    svg = figure_to_svg(figure).decode()
    svg = svg[svg.index("<svg") :]
    for mark in (' id="', 'href="#', "url(#"):
        svg = svg.replace(mark, f"{mark}{name}-")
    width = figure.get_figwidth()
    style = f"min-width: {min(width, 11) * 4:.1f}rem; max-width: {width * 6.5:.1f}rem"
    label = f'<svg role="img" aria-label="{escape(title)}" style="{style}"'
    return f"<figure>{label}{svg.removeprefix('<svg')}</figure>"


def inline_figures(figures: Mapping[str, Figure], name: str, grid: bool = False) -> str:
    """Returns figures by their titles as SVG inside HTML, side by side in a grid."""
    inline = "\n".join(
        inline_figure(figure, f"{name}-{number}", title)
        for number, (title, figure) in enumerate(figures.items())
    )
    return f'<div class="grid">{inline}</div>' if grid else inline


def table(fields: Mapping[str, object]) -> str:
    """Returns a table of names and values."""
    rows = (
        f"<tr><th>{escape(name)}</th><td>{escape(_plain(value))}</td></tr>"
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


def _warnings(warnings):
    if not warnings:
        return ""
    items = "".join(f"<li>{escape(warning)}</li>" for warning in warnings)
    return f'<div class="warnings"><b>Look at this first</b><ul>{items}</ul></div>'


def _facts(facts):
    return "".join(
        f'<div class="fact"><b>{escape(value)}</b><span>{name}</span></div>'
        for name, value in facts.items()
    )


def _cost(run):
    seconds = _measured(run, "seconds")
    memory = _measured(run, "peak_memory_gb")
    # A search by trials has no network of its own.
    cost = {"weights": f"{run.num_weights:,}"} if run.num_weights else {}
    if any(seconds):
        cost["total time"] = _duration(sum(seconds))
        article = "an" if run.UNIT[0] in "aeiou" else "a"
        cost[f"seconds {article} {run.UNIT}"] = f"{sum(seconds) / len(seconds):.1f}"
    if memory:
        cost["peak memory"] = f"{max(memory):.2f} GB"
    return cost


def _measured(run, column):
    return [value for value in run.metrics[column] if math.isfinite(value)]


def _duration(seconds):
    if math.isinf(seconds):
        return "not measured"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{seconds / 60:.1f} min"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def _metrics_table(run):
    names = [run.UNIT if name == "epoch" else name for name in run.metrics]
    header = "".join(f"<th>{escape(name.replace('_', ' '))}</th>" for name in names)
    rows, best_row = [], run.best_row
    for number, values in enumerate(zip(*run.metrics.values())):
        cells = "".join(f"<td>{_number(value)}</td>" for value in values)
        mark = ' class="best"' if number == best_row else ""
        rows.append(f"<tr{mark}>{cells}</tr>")
    return f'<table class="epochs"><tr>{header}</tr>{"".join(rows)}</table>'


def _number(value):
    if math.isnan(value):
        return "–"
    return f"{value:.0f}" if value.is_integer() else f"{value:.4g}"
