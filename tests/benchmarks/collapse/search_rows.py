"""Rows of a log as searches that show collapse leave them, and a page for these."""

from benchmarks.collapse.searches import settings_mark
from benchmarks.collapse.settings import CollapseConfig
from tests.build_files import ROOT

PLAN = CollapseConfig()
PAGE = ROOT / PLAN.page


def rows_of(search, accuracy=0.5):
    """Two epochs of a search; its rank halves, and each seed has a skip more."""
    missing = float("nan")
    known = search.space == "nasbench201"
    return [
        {
            **search._asdict(),
            "settings": settings_mark(PLAN, search),
            "epoch": epoch,
            "step": 100 * epoch,
            "val_accuracy": 0.4,
            "table_test": 80 + epoch + search.seed if known else missing,
            "table_rank": 4000 / epoch if known else missing,
            "skips": epoch + search.seed,
            "eigenvalue": 0.1 * epoch,
            "trained_accuracy": missing if known else accuracy,
            "seconds": 360,
        }
        for epoch in (1, 2)
    ]


def fill(log, seeds):
    """Adds all searches with some seeds."""
    for search in CollapseConfig(seeds=seeds).searches():
        log.append(rows_of(search, accuracy=0.5 + 0.1 * search.seed))


def page_in(folder):
    path = folder / "page.md"
    path.write_text(PAGE.read_text("utf-8"), "utf-8")
    return path
