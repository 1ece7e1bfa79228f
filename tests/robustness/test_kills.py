"""Runs that are killed at random times end as if nothing had been.

Every run is continued by the same command until it ends, and then compared with one
that nothing interrupted. DARTS_TF_KILL_SEED draws other times.
"""

import itertools
import os
import random
import signal

import pytest

from tests.robustness.equal_runs import differences
from tests.robustness.killed_runs import WatchedRun, measure
from tests.robustness.tiny_runs import (
    METHODS,
    TRAINERS,
    name_of,
    tiny_command,
    write_inputs,
)
from trainers import search

pytestmark = pytest.mark.long

SEED = os.environ.get("DARTS_TF_KILL_SEED", "1")
KILL, TERM, INT = signal.SIGKILL, signal.SIGTERM, signal.SIGINT
# Signals one after the other, each with the time before which it is sent.
CASES = {
    "first_second": ((KILL, "claim"), (KILL, "first_second")),
    "first_epoch": ((KILL, "first_epoch"),),
    "then_term": ((KILL, "whole"), (TERM, "first_epoch")),
    "after_int": ((INT, "first_epoch"), (KILL, "whole")),
    "whole": ((KILL, "whole"),),
}
FEWEST_KILLS, FEWEST_IN_FIRST_SECOND = 30, 5
# Trainers and methods, with their cases.
RUNS = [
    *itertools.product(TRAINERS, CASES),
    *itertools.product(METHODS, ("first_epoch", "then_term", "whole")),
]


def label(value):
    """Name of a trainer; a method or a case is one itself."""
    return value if isinstance(value, str) else name_of(value)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    return write_inputs(tmp_path_factory.mktemp("inputs"))


@pytest.fixture(scope="module")
def straight(inputs, tmp_path_factory):
    """Function of `name` that runs it once; returns folder and `Lengths`."""
    runs = {}

    def run(name):
        if name not in runs:
            folder = tmp_path_factory.mktemp("straight")
            runs[name] = folder / "run", measure(watched(name, folder, inputs))
        return runs[name]

    return run


def watched(name, folder, inputs):
    """Starts the run of a trainer or method in a folder, or continues it."""
    trainer = search if name in METHODS else name
    flags = tiny_command(name, inputs)
    return WatchedRun(folder / "logs", trainer, folder / "run", *flags)


@pytest.fixture(scope="module")
def falls():
    """All signals so far: the limit of each time, and the `Fall`."""
    return []


@pytest.mark.parametrize(("name", "case"), RUNS, ids=label)
def test_killed_equals_not_killed(
    name, case, inputs, straight, falls, tmp_path, record_property
):
    expected, lengths = straight(name)
    limits = {"claim": 0, "first_second": 1, **vars(lengths)}
    draw = random.Random(f"{SEED} {label(name)} {case}")
    for number, limit in CASES[case]:
        run = watched(name, tmp_path, inputs)
        fall = run.send(number, draw.uniform(0, limits[limit]))
        record_property(f"of {lengths.whole:.1f} s", str(fall))
        falls.append((limit, fall))
        check_end(fall)
    last = watched(name, tmp_path, inputs)
    assert last.end() == 0, last.errors
    assert differences(expected, tmp_path / "run") == []


def check_end(fall):
    """A signal that Python sees ends a run by one line, or at once."""
    codes = {KILL: [-9], TERM: [-15, 143], INT: [130]}
    assert fall.exit_code in [0, *codes[fall.signal]], fall.errors
    assert "Traceback" not in fall.errors
    assert len(fall.errors.split("\n")) <= 3, fall.errors


def test_so_many_kills(falls, record_property):
    """As many as are wanted have come before the end of their run."""
    if len({fall for _, fall in falls}) < len(RUNS):
        pytest.skip("only some of the kills were chosen")
    kills = [limit for limit, fall in falls if fall.signal == KILL and fall.fell]
    early = [limit for limit in kills if limit != "whole"]
    first = [limit for limit in kills if limit in ("claim", "first_second")]
    record_property("SIGKILL", f"{len(kills)}, {len(early)} in the first epoch")
    assert len(kills) >= FEWEST_KILLS and len(early) >= len(kills) / 3
    assert len(first) >= FEWEST_IN_FIRST_SECOND
