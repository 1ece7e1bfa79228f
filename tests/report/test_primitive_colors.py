import pytest

from darts_tf.convolutional.primitives import get_primitive, primitive_names
from darts_tf.report import primitive_colors
from darts_tf.report.primitive_colors import KINDS, kind_of, line_styles
from tests.experiments.synthetic_run import PRIMITIVES


@pytest.mark.parametrize(
    "primitive, kind",
    [
        ("skip_connect", primitive_colors.SKIP),
        ("max_pool_3x3", primitive_colors.POOLING),
        ("avg_pool_3x3", primitive_colors.POOLING),
        ("sep_conv_7x7", primitive_colors.SEPARABLE),
        ("dil_conv_3x3", primitive_colors.DILATED),
        ("dil_sep_conv_3x3", primitive_colors.DILATED),
        ("dep_conv_3x3_relu", primitive_colors.SEPARABLE),
        ("conv_7x1_1x7", primitive_colors.FULL),
        ("nor_conv_3x3", primitive_colors.FULL),
        ("bottleneck_1x3_3x1", primitive_colors.FULL),
        ("none", primitive_colors.OTHER),
    ],
)
def test_kinds(primitive, kind):
    assert kind_of(primitive) is kind


def test_all_primitives_of_the_library_have_a_color():
    """What a test or a user has added may be of any kind."""
    own = [
        name
        for name in primitive_names()
        if type(get_primitive(name)).__module__.startswith("darts_tf.")
    ]
    gray = {name for name in own if kind_of(name) is primitive_colors.OTHER}
    assert len(own) > 30 and gray == {"none", "noise"}


def test_kinds_have_different_colors():
    assert len({kind.color for kind in KINDS}) == len(KINDS)


def test_lines_can_be_told_apart():
    primitives = [*PRIMITIVES, "sep_conv_7x7", "max_pool_5x5", "conv_1x1", "conv_3x3"]
    styles = line_styles(primitives)
    assert len({tuple(sorted(style.items())) for style in styles}) == len(primitives)
    assert styles[3]["color"] == primitive_colors.SKIP.color
