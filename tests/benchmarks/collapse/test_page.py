import pytest

from benchmarks.collapse.log import CollapseLog
from benchmarks.collapse.page import write_results
from darts_tf.errors import UserError
from tests.benchmarks.collapse.search_rows import PAGE, PLAN, fill, page_in, rows_of
from tests.build_files import ROOT


def test_the_page_is_written_anew(tmp_path):
    log = CollapseLog(tmp_path / "log.csv")
    page, planned = page_in(tmp_path), PLAN.searches()
    before = write_results(page, log, planned)
    assert before.startswith("Searches that have ended: 0 of 48.")
    empty = page.read_text("utf-8")
    log.append(rows_of(planned[0]))
    section = write_results(page, log, planned)
    assert section.startswith("Searches that have ended: 1 of 48.")
    assert "### NAS-Bench-201" in section and "### S2" not in section
    assert page.read_text("utf-8") == empty.replace(before, section)
    names = sorted(path.name for path in tmp_path.glob("*.svg"))
    assert names == ["page_nasbench201.svg"]
    fill(log, seeds=2)
    assert "(page_s2.svg)" in write_results(page, log, planned)
    with pytest.raises(UserError, match="expected a page with the lines"):
        write_results(tmp_path / "none.md", log, planned)


def test_the_documentation_has_what_the_log_says(tmp_path):
    page = page_in(tmp_path)
    section = write_results(page, CollapseLog(ROOT / PLAN.log), PLAN.searches())
    for space in PLAN.spaces:
        section = section.replace(f"page_{space}.svg", f"collapse_{space}.svg")
    assert section in PAGE.read_text("utf-8")
