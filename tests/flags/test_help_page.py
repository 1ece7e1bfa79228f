"""`--help` of every binary."""

import re

import pytest
from absl import flags

from flags.help_page import help_page
from tests.flags.programs import ABSL, PROGRAMS


def define(program):
    values = flags.FlagValues()
    return PROGRAMS[program].define(values), values


def page_of(program, width=80):
    groups, values = define(program)
    doc = "Does something: `python -m x`.\n\nMore of it."
    return help_page(doc, "python -m trainers.x [flags]", groups, values, width)


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_flag_stands_there_once(program):
    _, values = define(program)
    found = re.findall(r"^  --(?:\[no\])?(\w+)", page_of(program), re.MULTILINE)
    assert sorted(found) == sorted(set(values) - ABSL)


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("program", PROGRAMS)
def test_lines_fit(program, width):
    assert max(map(len, page_of(program, width).splitlines())) <= width


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_flag_says_its_default(program):
    groups, values = define(program)
    for helps in groups.values():
        for name, help in helps.items():
            if values[name].default is None:
                assert re.search("[Dd]efault|Required", help), name


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_integer_has_bounds(program):
    _, values = define(program)
    for name in set(values) - ABSL:
        if values[name].flag_type() == "int":
            with pytest.raises(flags.IllegalFlagValueError, match=name):
                values[name].parse("9" * 20)


def test_the_page():
    text = page_of("flags.search")
    assert text.startswith("Does something: `python -m x`.\n\nMore of it.\n\n")
    for part in (
        "\n\n  python -m trainers.x [flags]\n\nMethod:\n",
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
