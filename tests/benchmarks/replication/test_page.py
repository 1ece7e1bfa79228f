import pytest

from benchmarks.replication.items import RANDOM, SECOND
from benchmarks.replication.log import ReplicationLog
from benchmarks.replication.page import write_results
from benchmarks.replication.settings import TEXTS
from tests.benchmarks.replication.small_logs import PAGE, PLAN, fill, page_in
from tests.build_files import ROOT


@pytest.fixture
def log(tmp_path):
    return ReplicationLog(tmp_path / "log.csv")


def test_the_page_is_written_anew(log, tmp_path):
    page = page_in(tmp_path)
    fill(log, {RANDOM: [[50, 50]]})
    section = write_results(page, log)
    assert "ended: 1; trainings: 2." in section and "50.00" in section
    assert "### Images" in section and "### Text" not in section
    once = page.read_text("utf-8")
    fill(log, {SECOND: [[70, 90]]}, TEXTS)
    assert "### Text" in write_results(page, log)
    assert (tmp_path / "page.svg").exists()
    write_results(page, ReplicationLog(tmp_path / "none.csv"))
    empty = page.read_text("utf-8")
    assert once.replace(section, "") == empty.replace(
        "Searches that have ended: 0; trainings: 0.", ""
    )


def test_the_documentation_has_what_the_log_says(tmp_path):
    page = page_in(tmp_path)
    write_results(page, ReplicationLog(ROOT / PLAN.log))
    assert page.read_text("utf-8") == PAGE.read_text("utf-8")
