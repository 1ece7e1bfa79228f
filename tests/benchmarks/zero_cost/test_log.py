import math

from benchmarks.zero_cost.log import MEASURED, ZeroCostLog
from benchmarks.zero_cost.settings import ZeroCostConfig
from tests.benchmarks.zero_cost.small_tables import SMALL


def test_the_log_knows_the_settings(tmp_path):
    config = ZeroCostConfig(table="x", **SMALL)
    scores = {7: dict(zip(MEASURED, (-math.inf, 2.5, 1e40)))}
    ZeroCostLog(tmp_path / "log.csv").add(config, scores)
    log = ZeroCostLog(tmp_path / "log.csv")
    assert log.found(config) == scores
    assert not log.found(ZeroCostConfig(table="x", **{**SMALL, "batch_size": 7}))
    # The table and the number of cells change no score.
    assert log.found(ZeroCostConfig(table="y", **{**SMALL, "cells": 9})) == scores
