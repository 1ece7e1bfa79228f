import math

import numpy as np
import pytest

from benchmarks.zero_cost.log import MEASURED
from benchmarks.zero_cost.network import ScoredNetwork, images_of
from benchmarks.zero_cost.settings import ZeroCostConfig
from tests.benchmarks.zero_cost.small_tables import SMALL


def test_scores_of_one_network():
    config = ZeroCostConfig(table="x", **SMALL)
    images = images_of(config)
    assert images.shape == (6, 8, 8, 1)
    first, second = (ScoredNetwork(config, images) for _ in range(2))
    options = (3, 2, 1, 0, 4, 3)
    scores = first.scores(options)
    assert tuple(scores) == MEASURED and np.isfinite([*scores.values()]).all()
    nothing = first.scores((0,) * 6)
    assert nothing == {"jacob_cov": -math.inf, "nwot": -math.inf, "synflow": 0}
    # What it has scored before changes nothing.
    assert second.scores(options) == pytest.approx(scores, rel=1e-4)
