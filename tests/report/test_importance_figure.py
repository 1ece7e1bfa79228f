import numpy as np
import pytest

from darts_tf.report.importance_figure import importance_maps
from darts_tf.space.search_space import convolutional_space

SPACE = convolutional_space(("none", "skip_connect", "sep_conv_3x3"), 2).of("normal")


def test_both_tables_and_their_largest_values():
    random = np.random.default_rng(1)
    strengths, lost = random.random((5, 3)), 0.01 * random.normal(size=(5, 3))
    lost[0] = 0.0, -1e-9, 0.012
    left, right = importance_maps(strengths, lost, SPACE, "accuracy").axes
    for axes, values in ((left, strengths), (right, lost)):
        frames = [patch.get_xy() for patch in axes.patches]
        columns = [round(x + 0.46) for x, _ in frames]
        assert columns == values.argmax(axis=1).tolist()
    texts = [text.get_text() for text in right.texts]
    assert texts[:3] == ["0.0", "0.0", "1.2"]
    assert "points" in right.get_title()


def test_what_is_not_finite_is_refused():
    strengths = np.full((5, 3), 1 / 3)
    with pytest.raises(ValueError, match="lost"):
        importance_maps(strengths, np.full((5, 3), np.nan), SPACE, "loss")
