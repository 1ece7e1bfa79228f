"""What the flags of all kinds of runs have in common."""

import dataclasses

import pytest

from flags.run_flags import RunFlags
from tests.flags.programs import ABSL, PROGRAMS, parsed

RUNS = {k: x for k, x in PROGRAMS.items() if isinstance(x, RunFlags)}
of_all = pytest.mark.parametrize("run_flags", RUNS.values(), ids=RUNS)


def test_all_kinds_of_runs_have_flags():
    names = {run_flags.kind.NAME for run_flags in RUNS.values()}
    expected = ("baseline", "baseline_rnn", "eval", "language", "search", "search_rnn")
    assert names == {*expected}


@of_all
def test_every_setting_has_a_flag(run_flags):
    own = {"output", "evaluate_only"} if run_flags.evaluates else {"output"}
    fields = {field.name for field in dataclasses.fields(run_flags.kind.Config)}
    assert set(parsed(run_flags)) - ABSL == fields | own


@of_all
def test_a_folder_is_named_after_the_kind(run_flags):
    folder = run_flags.output_folder(parsed(run_flags))
    assert folder.startswith(f"runs/{run_flags.kind.NAME}-")
