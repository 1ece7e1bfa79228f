import pathlib

import pytest

from benchmarks import scaling_figure
from benchmarks.replica_collectives import LINKS

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
ROW = "| second, exact | of all devices | 10 | 9 | 3.0 | 1.0 | 2.0 |"


def test_reads_the_table_of_the_docs():
    rows = scaling_figure.read_table((DOCS / "scaling.md").read_text("utf-8"))
    assert len(rows) == 6 and len({(row.order, row.statistics) for row in rows}) == 6


def test_where_more_devices_begin_to_pay():
    (row,) = scaling_figure.read_table(f"| a table |\n{ROW}\n")
    latency, bandwidth = LINKS[8]
    assert row.seconds(8) == pytest.approx(10 * latency + 2 * 7 / 8 * 3e6 / bandwidth)
    for fewer, more in ((1, 8), (8, 64)):
        step = row.least_step(fewer, more)
        on_fewer, on_more = (step / n + row.seconds(n) for n in (fewer, more))
        assert on_more == pytest.approx(on_fewer)


def test_figure_and_printed_table(tmp_path, capsys):
    (tmp_path / "table.md").write_text(ROW)
    scaling_figure.main(tmp_path / "table.md", tmp_path / "figure.svg")
    assert "64 GPUs, statistics of all" in (tmp_path / "figure.svg").read_text()
    assert "| second, exact | of all devices | " in capsys.readouterr().out
    (tmp_path / "empty.md").write_text("nothing")
    with pytest.raises(SystemExit, match="holds no table"):
        scaling_figure.main(tmp_path / "empty.md", tmp_path / "other.svg")
    assert not (tmp_path / "other.svg").exists()
