"""A plan of the replication, and logs and pages as its runs leave them."""

from benchmarks.replication.items import SEARCH, Item
from benchmarks.replication.settings import IMAGES, ReplicationConfig
from tests.build_files import ROOT

PAGE = ROOT / "docs/replication.md"
PLAN = ReplicationConfig(text_dir="ptb", page=str(PAGE))


def row(item, error, mark="same", **values):
    """A row as a run of this item would leave it."""
    search = {"skips": 2, "genotype": "" if item.is_training else '{"cells": 1}'}
    cost = {"steps": 2400, "passes": 4800, "device_seconds": 10.5}
    return {
        **item._asdict(),
        "settings": mark,
        "error": error,
        **cost,
        **search,
        **values,
    }


def fill(log, errors, kind=IMAGES):
    """Adds searches, and trainings with these errors by method, seed by seed."""
    for method, of_seeds in errors.items():
        for seed, of_trainings in enumerate(of_seeds):
            log.append([row(Item(kind, method, seed, SEARCH), 50)])
            for number, error in enumerate(of_trainings):
                log.append([row(Item(kind, method, seed, f"training-{number}"), error)])


def page_in(folder):
    path = folder / "page.md"
    path.write_text(PAGE.read_text("utf-8"), "utf-8")
    return path
