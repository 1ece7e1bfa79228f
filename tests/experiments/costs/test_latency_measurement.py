"""Tables of a small space in real runtimes, and a whole network beside one."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from darts_tf.costs.latency import agreement
from darts_tf.costs.latency import table as latency_table
from darts_tf.costs.latency.space_parts import parts_of_space
from darts_tf.costs.latency.table import read_latency_table
from darts_tf.costs.latency.verification import verify_latency
from darts_tf.errors import UserError
from darts_tf.experiments.costs.latency_measurement import (
    measure_latency,
    predict_latencies,
)
from darts_tf.experiments.costs.latency_settings import LatencyConfig
from darts_tf.formats.format import FORMATS
from darts_tf.spaces.known.nasbench201 import OPERATIONS

# One cell of one node: thirteen models.
TINY = LatencyConfig(
    output="",
    layers=1,
    init_channels=2,
    nodes=1,
    primitives=("max_pool_3x3", "sep_conv_3x3"),
    image_size=8,
    repetitions=3,
    whole_networks=2,
)
NASBENCH201 = {"space": "nasbench201", "nodes": 3, "primitives": OPERATIONS}


@pytest.fixture(autouse=True)
def on_any_machine(monkeypatch):
    """On one that does other things too, measurements would never agree."""
    monkeypatch.setattr(agreement, "LARGEST_DIFFERENCE", np.inf)


@pytest.mark.long
@pytest.mark.parametrize("runtime", FORMATS)
def test_a_table_and_a_network(tmp_path, monkeypatch, runtime):
    output = tmp_path / "table.json"
    config = dataclasses.replace(TINY, runtime=runtime, output=str(output))
    measure_latency(config)
    network, space = config.network(), config.checked_space()
    table = read_latency_table(output)
    assert set(table.entries) == parts_of_space(network, space)
    assert table.runtime == runtime and table.milliseconds > 0
    assert max(entry.ratio for entry in table.entries.values()) > 0
    genotype = space.sample(np.random.default_rng(0))
    genotype.save(tmp_path / "genotype.json")
    given = dataclasses.replace(config, genotypes=(str(tmp_path / "genotype.json"),))
    (line,) = predict_latencies(given, table)
    expected = f"predicted {table.of_parts(network.parts(genotype)):.3g} ms"
    assert line == f"{given.genotypes[0]}: {expected}"
    found = verify_latency(network, genotype, table, repetitions=3)
    assert str(found).startswith(f"{expected}, measured {found.measured:.3g} ms (")
    assert found.predicted == table.of_parts(network.parts(genotype))
    # Whatever the machine does meanwhile, the unit is right.
    for latency in (found.measured, found.at_pace):
        assert found.predicted / 10 < latency < 10 * found.predicted
    # Nothing is left to be measured, so that no model is exported.
    log = Path(f"{output}.log").read_text()
    output.unlink()
    assert measure_latency(config).entries == table.entries
    assert output.exists() and Path(f"{output}.log").read_text() == log
    output.unlink()
    monkeypatch.setattr(latency_table, "MOST_UNCERTAIN", -1.0)
    with pytest.raises(UserError, match="of its time is uncertain"):
        measure_latency(config)
    assert not output.exists()


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"layers": 4, "image_size": 4, "stem": "imagenet"}, "are too small"),
        ({"space": "none_such"}, "`space`=none_such"),
        ({"primitives": ("conv_9x9",)}, "`primitives`"),
        ({**NASBENCH201, "primitives": ("none",)}, "`primitives`"),
        ({"primitive_modules": ("none_such",)}, "`primitive_modules`"),
        ({"genotypes": ("none_such",)}, "none_such"),
        ({**NASBENCH201, "genotypes": ("DARTS_V2",)}, "`genotypes`=DARTS_V2: "),
    ],
)
def test_bad_input_before_the_work(tmp_path, changes, message):
    config = dataclasses.replace(TINY, output=str(tmp_path / "table.json"), **changes)
    with pytest.raises(UserError, match=message):
        measure_latency(config)
    assert not any(tmp_path.iterdir())
