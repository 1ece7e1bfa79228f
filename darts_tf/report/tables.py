"""Tables of texts, written for a terminal, Markdown, LaTeX and HTML."""

import dataclasses
import html
import itertools
from collections.abc import Sequence

from darts_tf.errors import invalid_value, printable

# What LaTeX would take for a command. A text is translated in one pass, so that no
# escape is escaped again.
_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        # At the start of a line these would be arguments of the line break before.
        "[": "{[}",
        "*": "{*}",
        "±": r"$\pm$",
        "×": r"$\times$",
        "–": "--",
        **{mark: f"\\{mark}" for mark in "&%$#_{}"},
    }
)
# What Markdown would take for a column, emphasis, a link or a tag.
_MARKDOWN = str.maketrans({mark: f"\\{mark}" for mark in "\\|*_`[]<>"})


@dataclasses.dataclass(frozen=True)
class Column:
    """A column.

    Args:
        heading: Text above it.
        is_number: Whether it holds numbers, which end at one line.
    """

    heading: str
    is_number: bool = False


@dataclasses.dataclass(frozen=True)
class Table:
    """A table whose cells are texts.

    Args:
        columns: The columns.
        groups: Groups of lines, each a sequence of lines; a rule is drawn between them
            where the form has any. A line has a text for each column.

    Raises:
        ValueError: If a line is of another length.
    """

    columns: tuple[Column, ...]
    groups: tuple[tuple[tuple[str, ...], ...], ...]

    def __post_init__(self):
        for line in self.lines:
            if len(line) != len(self.columns):
                expected = f"lines of {len(self.columns)} texts"
                raise invalid_value("groups", expected, line)

    @property
    def lines(self) -> tuple[tuple[str, ...], ...]:
        """The lines of all groups."""
        return tuple(line for group in self.groups for line in group)

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of the columns."""
        return tuple(column.heading for column in self.columns)

    def without(self, heading: str) -> "Table":
        """Returns the table without a column, where it has it.

        Args:
            heading: The heading of the column.
        """
        kept = [name != heading for name in self.headings]
        groups = (
            tuple(tuple(itertools.compress(line, kept)) for line in group)
            for group in self.groups
        )
        columns = tuple(itertools.compress(self.columns, kept))
        return Table(columns, tuple(groups))


def as_text(table: Table) -> str:
    """Writes a table in columns of equal width, for a terminal."""
    lines = [[*map(printable, line)] for line in (table.headings, *table.lines)]
    widths = [max(map(len, column)) for column in zip(*lines)]
    return "\n".join(_aligned(table.columns, line, widths) for line in lines)


def _aligned(columns: Sequence[Column], line: Sequence[str], widths) -> str:
    cells = [
        f"{text:{'>' if column.is_number else '<'}{width}}"
        for column, text, width in zip(columns, line, widths)
    ]
    return "  ".join(cells).rstrip()


def as_markdown(table: Table) -> str:
    """Writes a table in the form of GitHub's Markdown."""
    marks = ["---:" if column.is_number else "---" for column in table.columns]
    lines = [
        [printable(text).translate(_MARKDOWN) for text in line]
        for line in (table.headings, *table.lines)
    ]
    return "\n".join(f"| {' | '.join(x)} |" for x in (lines[0], marks, *lines[1:]))


def latex(text: str) -> str:
    """Returns a text with escapes for what LaTeX would take for a command."""
    return printable(text).translate(_LATEX)


def as_latex(table: Table, caption: str) -> str:
    r"""Writes a table for LaTeX, which needs the package `booktabs`.

    Args:
        table: The table.
        caption: Text of its caption.
    """
    places = "".join("r" if column.is_number else "l" for column in table.columns)
    groups = ("\n".join(map(_latex_line, group)) for group in table.groups if group)
    return "\n".join(
        (
            r"\begin{table}",
            r"\centering\footnotesize\setlength{\tabcolsep}{3pt}",
            f"\\caption{{{latex(caption)}}}",
            f"\\begin{{tabular}}{{{places}}}",
            r"\toprule",
            _latex_line(table.headings),
            r"\midrule",
            "\n\\midrule\n".join(groups),
            r"\bottomrule",
            r"\end{tabular}",
            r"\end{table}",
        )
    )


def _latex_line(line: Sequence[str]) -> str:
    return f"{' & '.join(map(latex, line))} \\\\"


def as_html(table: Table) -> str:
    """Writes a table for a page, where it scrolls if it is too wide."""
    head = "".join(f"<th>{_html(name)}</th>" for name in table.headings)
    groups = "".join(
        f"<tbody>{''.join(map(_html_line, group))}</tbody>" for group in table.groups
    )
    return f'<div class="scroll"><table><tr>{head}</tr>{groups}</table></div>'


def _html_line(line: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<td>{_html(text)}</td>' for text in line)}</tr>"


def _html(text: str) -> str:
    return html.escape(printable(text))
