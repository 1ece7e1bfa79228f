import re
import shutil
import subprocess

import pytest

from darts_tf.report.tables import (
    Column,
    Table,
    as_html,
    as_latex,
    as_markdown,
    as_text,
    latex,
)
from tests.report.parsed_page import Page

COLUMNS = (Column("name"), Column("error (%)", is_number=True), Column("source"))
HOSTILE = r"a_b & 50% #1 {x} \end{tabular} ~^$ <i>|*[z]" + "\n\x1b[2J"
TABLE = Table(
    COLUMNS,
    (
        (("first", "2.76 ± 0.09", "a"), ("second", "10", "")),
        ((HOSTILE, "3", "[b]"), ("[c]", "-", "*d")),
    ),
)


def test_text_is_aligned():
    head, *lines = as_text(TABLE).splitlines()
    assert len(lines) == 4
    end = head.index("error (%)") + len("error (%)")
    for line, value in zip(lines, ("0.09", "10", "3", "-")):
        assert line[: end + 2].rstrip().endswith(value)
    assert "\x1b" not in as_text(TABLE)


def test_markdown_has_a_cell_for_each_column():
    lines = as_markdown(TABLE).splitlines()
    assert lines[1] == "| --- | ---: | --- |" and len(lines) == 6
    for line in lines:
        # Bars that are escaped part no cells.
        assert len(re.findall(r"(?<!\\)\|", line)) == 4
    assert r"\<i\>" in lines[4]


def test_html_is_whole():
    page = Page(as_html(TABLE))
    assert page.open == [] and "i" not in page.tags
    assert page.tags.count("tr") == 5 and page.tags.count("tbody") == 2
    assert page.tags.count("td") == 12 and "<i>" in page.text


def checked_latex(source, columns):
    """Checks the braces, the commands and the cells of a table in LaTeX."""
    plain = source.replace(r"\textbackslash{}", "")
    bare = re.sub(r"\\[{}]", "", plain)
    depth = 0
    for letter in bare:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        assert depth >= 0
    assert depth == 0
    for kind in ("table", "tabular"):
        assert bare.count(rf"\begin{{{kind}}}") == bare.count(rf"\end{{{kind}}}")
    lines = [line for line in plain.splitlines() if line.endswith(r" \\")]
    for line in lines:
        assert len(re.findall(r"(?<!\\)&", line)) == columns - 1
        assert not line.startswith(("[", "*"))
    return lines


def compiled_latex(source, folder):
    """Compiles tables in LaTeX, where there is a compiler."""
    compiler = shutil.which("pdflatex") or shutil.which("tectonic")
    if compiler is None:
        pytest.skip("there is no LaTeX compiler")
    head = r"\documentclass{article}\usepackage[utf8]{inputenc}\usepackage{booktabs}"
    document = f"{head}\\begin{{document}}\n{source}\n\\end{{document}}\n"
    (folder / "a.tex").write_text(document, "utf-8")
    command = [compiler, "-interaction=nonstopmode", "-halt-on-error", "a.tex"]
    command = command if "pdflatex" in compiler else [compiler, "a.tex"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout[-2000:]


def test_latex_escapes_what_would_be_a_command():
    source = as_latex(TABLE, "100 % of {it}")
    lines = checked_latex(source, 3)
    assert len(lines) == 5 and source.count(r"\midrule") == 2
    assert r"\caption{100 \% of \{it\}}" in source
    assert r"2.76 $\pm$ 0.09" in source and r"\begin{tabular}{lrl}" in source
    assert source.count(r"\end{tabular}") == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a_b", r"a\_b"),
        ("\\", r"\textbackslash{}"),
        ("{\\}", r"\{\textbackslash{}\}"),
        ("50% & #", r"50\% \& \#"),
        ("a\nb", r"a\textbackslash{}nb"),
    ],
)
def test_escapes(text, expected):
    assert latex(text) == expected


def test_latex_compiles(tmp_path):
    compiled_latex(as_latex(TABLE, "Some & more"), tmp_path)


def test_without_a_column():
    table = TABLE.without("error (%)")
    assert table.headings == ("name", "source") and table.lines[0] == ("first", "a")
    assert TABLE.without("none") == TABLE


def test_lines_of_another_length():
    with pytest.raises(ValueError, match="lines of 3 texts"):
        Table(COLUMNS, ((("a", "b"),),))
