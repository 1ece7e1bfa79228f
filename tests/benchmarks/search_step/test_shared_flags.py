import dataclasses

import pytest
from absl import flags

from benchmarks.export_step.flags import export_step_flags
from benchmarks.gpu_step.flags import gpu_step_flags
from benchmarks.rnn_step.flags import rnn_step_flags
from benchmarks.rnn_step.settings import FULL_RECURRENT_SIZES
from benchmarks.search_step.flags import search_step_flags
from benchmarks.search_step.settings import FULL_EVALUATION_SIZES, FULL_SIZES, Sizes
from tests.flags.programs import config_of, parsed


@pytest.mark.parametrize("program_flags", [search_step_flags, export_step_flags])
def test_full_sizes_give_way_to_single_ones(program_flags):
    assert config_of(program_flags, "--full").sizes == FULL_SIZES
    sizes = config_of(program_flags, "--full", "--layers=2").sizes
    assert sizes == dataclasses.replace(FULL_SIZES, layers=2)
    assert config_of(program_flags, "--layers=2").sizes == Sizes(layers=2)


def test_sizes_of_the_recurrent_step():
    config = config_of(rnn_step_flags, "--full", "--length=7", "--sweep=units")
    assert config.sizes == dataclasses.replace(FULL_RECURRENT_SIZES, length=7)
    assert config.sweep == ("units",)


def test_both_networks_of_a_gpu_have_full_sizes():
    config = config_of(gpu_step_flags, "--full", "--batch_size=32")
    changed = {"batch_size": 32}
    assert config.sizes == dataclasses.replace(FULL_SIZES, **changed)
    expected = dataclasses.replace(FULL_EVALUATION_SIZES, **changed)
    assert config.evaluation_sizes == expected


def test_settings_reach_the_configuration():
    sweep = ("--sweep=layers", "--sweep=batch_size")
    config = config_of(search_step_flags, "--forms=plain,default", *sweep)
    assert config.forms == ("plain", "default")
    assert config.sweep == ("layers", "batch_size")


@pytest.mark.parametrize(
    ("program_flags", "argument"),
    [
        (search_step_flags, "--forms=fancy"),
        (search_step_flags, "--batch_size=1"),
        (search_step_flags, "--sweep=depth"),
        (rnn_step_flags, "--forms=plain"),
        (rnn_step_flags, "--units=1"),
        (rnn_step_flags, "--sweep=layers"),
        (gpu_step_flags, "--executions=fast"),
    ],
)
def test_bad_values(program_flags, argument):
    name = argument[2:].split("=")[0]
    with pytest.raises(flags.Error, match=name):
        parsed(program_flags, argument)
