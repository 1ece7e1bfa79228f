"""Walks over parts that are real processes of a program which takes a moment."""

import io
import os
import signal
import time

import pytest

from darts_tf.errors import UserError
from darts_tf.protocol.ended_parts import EndedParts
from darts_tf.protocol.part import Part
from darts_tf.protocol.programs import Program
from darts_tf.protocol.progress_bar import ProgressBar
from darts_tf.protocol.walk import walk
from tests.trainers.trainer_process import PROCESSES

TOY = Program("tests.protocol.toy_part", "none")
SLOTS = ({"TOY_SLOT": "0"}, {"TOY_SLOT": "1"})
_LONGEST = 60


class After:
    """Cells that are known when other parts have ended."""

    def __init__(self, *awaits, is_there=True):
        self.awaits, self._is_there = awaits, is_there

    def settings(self, folder):
        return {"genotype": "any"} if self._is_there else None


def toy(name, *awaits, seconds=0.0, is_there=True, **settings):
    cells = After(*awaits, is_there=is_there) if awaits else None
    return Part(name, TOY, {"seconds": seconds, **settings}, cells)


def walked(folder, parts, slots=SLOTS):
    """Walks over toys; returns what is printed."""
    stream = io.StringIO()
    walk(parts, folder, slots, ProgressBar(len(parts), lambda _: "done", stream))
    return stream.getvalue()


def journal(folder, name):
    return (folder / name / "journal").read_text().splitlines()


def test_parts_begin_when_those_before_them_have_ended(tmp_path):
    parts = [
        toy("c/1", "a", "b"),
        toy("a", seconds=0.3),
        toy("b", seconds=0.3),
        toy("c/2", "a", "b", is_there=False),
        toy("d", "c/2"),
    ]
    printed = walked(tmp_path, parts).splitlines()
    assert [line.partition(":")[0] for line in printed[:2]] in (["a", "b"], ["b", "a"])
    assert {line.partition(",")[0] for line in printed[2:]} == {"c/1: done", "d: done"}
    begun = [journal(tmp_path, name)[0].split() for name in ("a", "b")]
    assert [words[2] for words in begun] == ["0", "1"]  # two at a time
    assert not (tmp_path / "c/2").exists()  # its cells are not there
    assert walked(tmp_path, parts) == ""
    assert len(journal(tmp_path, "a")) == 2
    # What has been removed is made again.
    (tmp_path / "a/config.json").unlink()
    assert walked(tmp_path, parts).startswith("a: done")


def test_a_failure_ends_what_runs_and_names_the_reason(tmp_path):
    parts = [toy("slow", seconds=30), toy("bad", seconds=0.2, fails=1), toy("c", "bad")]
    start = time.monotonic()
    with pytest.raises(UserError) as caught:
        walked(tmp_path, parts)
    log = tmp_path / "logs/bad.log"
    assert str(caught.value) == (
        f"bad has ended with exit code 1: tests.protocol.toy_part: as told. See {log}."
    )
    assert time.monotonic() - start < 25
    assert "end" not in journal(tmp_path, "slow") and not (tmp_path / "c").exists()
    assert log.read_text() == "[#...]tests.protocol.toy_part: as told.\n"


def test_a_walk_that_is_killed_goes_on_where_it_was(tmp_path):
    parts = [toy("a"), toy("b", "a", seconds=40), toy("c", "b")]
    process = PROCESSES.Process(target=walked, args=(tmp_path, parts, SLOTS[:1]))
    process.start()
    wait_for((tmp_path / "b/journal").exists)
    child = int(journal(tmp_path, "b")[0].split()[1])
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    wait_for(lambda: not is_running(child))
    ended = EndedParts(tmp_path)
    assert [part.name for part in parts if part in ended] == ["a"]
    parts[1] = toy("b", "a")
    walked(tmp_path, parts)
    counts = [len(journal(tmp_path, name)) for name in "abc"]
    assert counts == [2, 3, 2]  # b has begun twice


def wait_for(ready):
    deadline = time.monotonic() + _LONGEST
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_running(number):
    try:
        with open(f"/proc/{number}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
