"""`--help` of every binary."""

import re

import pytest
from absl import flags

from benchmarks.input_pipeline import flags as input_pipeline
from benchmarks.rnn_step import flags as rnn_step
from benchmarks.search_step import flags as search_step
from darts_tf.experiments.convolutional_evaluation.config import CIFAR10, IMAGENET
from darts_tf.experiments.recurrent_evaluation.config import PTB, WIKITEXT2
from flags import (
    compare,
    export,
    front,
    import_weights,
    importance,
    measure_latency,
    zoo,
)
from flags.help_page import help_page
from flags.image_training import training_flags as image_training
from flags.language_training import training_flags as language_training
from flags.search import search_flags as search
from flags.search_rnn import search_flags as search_rnn

BINARIES = {
    "trainers.search": (search,),
    "trainers.search_rnn": (search_rnn,),
    "trainers.eval_cifar": (image_training, CIFAR10),
    "trainers.eval_imagenet": (image_training, IMAGENET),
    "trainers.eval_ptb": (language_training, PTB),
    "trainers.eval_wikitext2": (language_training, WIKITEXT2),
    "trainers.export": (export,),
    "trainers.front": (front,),
    "trainers.import_weights": (import_weights,),
    "trainers.importance": (importance,),
    "trainers.measure_latency": (measure_latency,),
    "trainers.zoo": (zoo,),
    "trainers.compare": (compare,),
    "benchmarks.search_step": (search_step,),
    "benchmarks.rnn_step": (rnn_step,),
    "benchmarks.input_pipeline": (input_pipeline,),
}
# What absl defines in every `FlagValues`.
ABSL = {"help", "helpshort", "helpfull", "helpxml"}


def define(binary):
    binary_flags, *defaults = BINARIES[binary]
    values = flags.FlagValues()
    return binary_flags.define(values, *defaults), values


def page_of(binary, width=80):
    groups, values = define(binary)
    doc = "Does something: `python -m x`.\n\nMore of it."
    return help_page(doc, f"python -m {binary} [flags]", groups, values, width)


@pytest.mark.parametrize("binary", BINARIES)
def test_every_flag_stands_there_once(binary):
    _, values = define(binary)
    found = re.findall(r"^  --(?:\[no\])?(\w+)", page_of(binary), re.MULTILINE)
    assert sorted(found) == sorted(set(values) - ABSL)


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("binary", BINARIES)
def test_lines_fit(binary, width):
    assert max(map(len, page_of(binary, width).splitlines())) <= width


@pytest.mark.parametrize("binary", BINARIES)
def test_every_flag_says_its_default(binary):
    groups, values = define(binary)
    for helps in groups.values():
        for name, help in helps.items():
            if values[name].default is None:
                assert re.search("[Dd]efault|Required", help), name


@pytest.mark.parametrize("binary", BINARIES)
def test_every_integer_has_bounds(binary):
    _, values = define(binary)
    for name in set(values) - ABSL:
        if values[name].flag_type() == "int":
            with pytest.raises(flags.IllegalFlagValueError, match=name):
                values[name].parse("9" * 20)


def test_the_page():
    text = page_of("trainers.search")
    assert text.startswith("Does something: `python -m x`.\n\nMore of it.\n\n")
    for part in (
        "\n\n  python -m trainers.search [flags]\n\nMethod:\n",
        "Method:\n  --method=TEXT\n      Name of the published method",
        "\n  --order=first|second\n      Gradient of the architecture",
        "\n  --selection=strongest|pairs|threshold|threshold_edge|few_skips\n",
        "\n\nOptimization:\n  --epochs=INTEGER\n      Number of epochs. Default: 50.\n",
        "  --learning_rate_min=NUMBER\n      Learning rate of the weights w at "
        "the end of the cosine. Default: 0.001.\n",
        "as many as\n      --steps_per_epoch, or all.\n",
        "  --dataset=TEXT\n",
        "  --primitive_modules=A,B,...\n",
        "\n  --[no]deterministic\n      Whether only ",
    ):
        assert part in text
    assert "needed on GPUs. Default: no." in " ".join(text.split())
