"""Figures and a table of the searches that show collapse."""

import math
import pathlib
import statistics

from benchmarks.collapse.settings import COMPARED
from darts_tf.atomic_file import write_atomically
from darts_tf.report.figure_files import figure_to_svg
from darts_tf.report.figure_settings import own_settings
from darts_tf.report.figure_style import GRID, INK, new_figure

_COLORS = ("#2563b8", "#7a3fb8", "#23875a", "#d9730d", "#b8253f", "#6b7280")
_RANK, _ACCURACY = "rank of the cell of 15,625", "test accuracy in the table, per cent"
_PANELS = {
    "nasbench201": (
        ("table_rank", _RANK),
        ("table_test", _ACCURACY),
        ("eigenvalue", "largest eigenvalue"),
    ),
    "s2": (("skips", "skip connections of 8"), ("eigenvalue", "largest eigenvalue")),
}


def draw(rows, folder):
    """Draws what the searches came to, one figure for each space.

    Args:
        rows: Those of a `CollapseLog`.
        folder: Folder of the figures.

    Returns:
        Tables in Markdown.
    """
    tables = []
    for space, panels in _PANELS.items():
        of_space = [row for row in rows if row["space"] == space]
        # Without a table there are no ranks.
        panels = [p for p in panels if any(_is_known(r[p[0]]) for r in of_space)]
        if of_space:
            path = pathlib.Path(folder, f"collapse_{space}.svg")
            write_atomically(path, figure_to_svg(_figure(space, panels, of_space)))
            tables.append(_table(space, panels, of_space))
    return "\n\n".join(tables)


@own_settings
def _figure(space, panels, rows):
    figure = new_figure(f"Searches on {space}", (4.4 * len(panels), 3.4))
    all_axes = figure.subplots(1, len(panels), squeeze=False)[0]
    for axes, (column, title) in zip(all_axes, panels):
        for (name, values), color in zip(_by_method(rows).items(), _COLORS):
            by_step = values[column]
            steps = sorted(by_step)
            medians = [statistics.median(by_step[step]) for step in steps]
            lowest, highest = ([f(by_step[s]) for s in steps] for f in (min, max))
            axes.fill_between(steps, lowest, highest, color=color, alpha=0.12, lw=0)
            axes.plot(steps, medians, color=color, label=name, lw=1.6)
        axes.set_xlabel("steps of w", color=INK, fontsize=9)
        axes.set_title(title, color=INK, fontsize=9)
        axes.grid(color=GRID, linewidth=0.8)
        axes.tick_params(labelsize=8)
        if column == "table_rank":
            axes.set_yscale("log")
    axes.legend(fontsize=7, frameon=False)
    return figure


def _by_method(rows):
    """By method, column and step the values of all seeds, where there are any."""
    found = {}
    for method, order in COMPARED:
        of_method = [r for r in rows if (r["method"], r["order"]) == (method, order)]
        if not of_method:
            continue
        name = f"{method}, second order" if order == "second" else method
        columns = found.setdefault(name, {})
        for row in of_method:
            for column in ("table_rank", "table_test", "eigenvalue", "skips"):
                value = float(row[column])
                if _is_known(value):
                    by_step = columns.setdefault(column, {})
                    by_step.setdefault(int(row["step"]), []).append(value)
        columns["trained"] = [
            float(row["trained_accuracy"]) for row in _last_rows(of_method)
        ]
    return found


def _last_rows(rows):
    last = max(int(row["step"]) for row in rows)
    return [row for row in rows if int(row["step"]) == last]


def _table(space, panels, rows):
    titles = [title for _, title in panels]
    if space != "nasbench201":
        titles.append("accuracy after a brief training")
    lines = [
        f"| {space} | searches | {' | '.join(titles)} |",
        "|---" * (2 + len(titles)) + "|",
    ]
    for name, columns in _by_method(rows).items():
        cells = []
        for column, _ in panels:
            by_step = columns[column]
            cells.append(_spread(by_step[max(by_step)]))
        if space != "nasbench201":
            cells.append(_spread(columns["trained"]))
        lines.append(f"| {name} | {len(columns['trained'])} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _is_known(value):
    return not math.isnan(float(value))


def _spread(values):
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:.4g} ({low:.4g} to {high:.4g})"
