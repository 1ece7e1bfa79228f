"""What the flags of all kinds of runs have in common."""

import dataclasses

import pytest
from absl import flags

from flags.baseline import baseline_flags
from flags.baseline_rnn import baseline_flags as recurrent_baseline_flags
from flags.image_training import training_flags as image_training_flags
from flags.language_training import training_flags as language_training_flags
from flags.search import search_flags
from flags.search_rnn import search_flags as recurrent_search_flags

# By what the names of their folders begin with.
RUNS = {
    "baseline": baseline_flags,
    "baseline_rnn": recurrent_baseline_flags,
    "eval": image_training_flags,
    "language": language_training_flags,
    "search": search_flags,
    "search_rnn": recurrent_search_flags,
}
# What absl defines in every `FlagValues`.
ABSL = {"help", "helpshort", "helpfull", "helpxml"}


def parse(run_flags, *arguments):
    values = flags.FlagValues()
    run_flags.define(values)
    values(["trainers.program", *arguments])
    return values


@pytest.mark.parametrize("run_flags", RUNS.values(), ids=RUNS)
def test_defaults_are_the_configuration(run_flags):
    assert run_flags.to_config(parse(run_flags)) == run_flags.kind.Config()


@pytest.mark.parametrize("run_flags", RUNS.values(), ids=RUNS)
def test_every_setting_has_a_flag(run_flags):
    fields = {field.name for field in dataclasses.fields(run_flags.kind.Config)}
    own = {"output", "evaluate_only"} if run_flags.evaluates else {"output"}
    assert set(parse(run_flags)) - ABSL == fields | own


@pytest.mark.parametrize("name", RUNS)
def test_output_folder(name):
    run_flags = RUNS[name]
    given = parse(run_flags, "--output=a/b")
    assert run_flags.output_folder(given) == "a/b"
    assert run_flags.output_folder(parse(run_flags)).startswith(f"runs/{name}-")
