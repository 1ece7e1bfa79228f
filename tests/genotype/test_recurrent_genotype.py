"""The recurrent genotype: validation, JSON, files and the published cells."""

import dataclasses
import json

import pytest

from darts_tf.errors import UserError
from darts_tf.genotype.cell import Edge
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.genotype.recurrent_genotype import PUBLISHED_RECURRENT, RecurrentGenotype

NODES = [("tanh", 0), ("relu", 0), ("identity", 2)]


def _genotype(nodes=NODES, mean=(1, 3)):
    return RecurrentGenotype.from_lists(nodes, mean)


def _json(**changes):
    return json.dumps(json.loads(_genotype().to_json()) | changes)


def test_genotype_is_frozen_hashable_and_equal():
    genotype = _genotype()
    assert genotype in {_genotype([list(edge) for edge in NODES], [1, 3])}
    assert genotype.nodes == (Edge("tanh", 0), Edge("relu", 0), Edge("identity", 2))
    assert genotype != _genotype(mean=(1, 2))
    with pytest.raises(dataclasses.FrozenInstanceError):
        genotype.mean = (1,)


def test_str_shows_one_line_a_node():
    assert str(_genotype()).splitlines() == [
        "recurrent cell",
        "node 1: tanh(0)",
        "node 2: relu(0)",
        "node 3: identity(2)",
        "mean: 1, 3",
    ]


def test_source_must_come_before_its_node():
    with pytest.raises(ValueError, match=r"`nodes\[1\]`, expected sources from 0 to 1"):
        _genotype([("tanh", 0), ("relu", 2)], [1])


@pytest.mark.parametrize("mean", [[], [4], [1, 1], [True], ["1"], [1.0], "12", 3])
def test_malformed_mean_is_refused(mean):
    with pytest.raises(ValueError, match=r"`mean`(: .*`outputs`)?, expected"):
        _genotype(mean=mean)


@pytest.mark.parametrize(
    "nodes", [[], ["tanh"], [("tanh",)], [("tanh", 0, 1)], [("Tanh", 0)], [[NODES]], 3]
)
def test_malformed_nodes_are_refused(nodes):
    with pytest.raises(ValueError, match="Received an invalid value for `"):
        _genotype(nodes, [1])


@pytest.mark.parametrize("nodes", [[Edge("tanh", 0)], (("tanh", 0),), ()])
def test_constructor_wants_a_tuple_of_edges(nodes):
    with pytest.raises(ValueError, match="`nodes"):
        RecurrentGenotype(nodes, (1,))


def test_its_only_cell():
    genotype = _genotype()
    (cell,) = genotype.cells.values()
    assert cell.nodes == tuple((edge,) for edge in genotype.nodes)
    assert (cell.outputs, cell.num_inputs, cell.output_rule) == ((1, 3), 1, "mean")
    assert RecurrentGenotype.holds({"recurrent": cell})
    assert not RecurrentGenotype.holds({"normal": cell})
    assert RecurrentGenotype.from_cells({"recurrent": cell}) == genotype
    assert genotype.primitives == {"tanh", "relu", "identity"}


def test_mean_may_name_state_0():
    assert _genotype(mean=(0, 3)).mean == (0, 3)


@pytest.mark.parametrize("name", PUBLISHED_RECURRENT)
def test_json_round_trip(name):
    genotype = RecurrentGenotype.published(name)
    assert RecurrentGenotype.from_json(genotype.to_json()) == genotype


def test_json_layout():
    assert json.loads(_genotype().to_json()) == {
        "format": "darts_tf.recurrent_genotype",
        "version": 1,
        "nodes": [["tanh", 0], ["relu", 0], ["identity", 2]],
        "mean": [1, 3],
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "expected JSON"),
        (_json(version=2), "`version`, expected 1"),
        (_json(extra=1), "the keys format, version, nodes, mean"),
        (_json(nodes=3), "`nodes`, expected a list of"),
        (_json(nodes=[["tanh", True]]), "`source`.*Received: source=True"),
        (_json(mean=2), "`mean`, expected a list"),
        (Genotype.published("DARTS_V2").to_json(), '"darts_tf.recurrent_genotype"'),
    ],
)
def test_malformed_json_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        RecurrentGenotype.from_json(text)


def test_a_convolutional_genotype_is_no_recurrent_one(tmp_path):
    Genotype.published("DARTS_V2").save(tmp_path / "cell.json")
    with pytest.raises(UserError, match=r"cell\.json"):
        RecurrentGenotype.load(tmp_path / "cell.json")


def test_published_cells():
    assert list(PUBLISHED_RECURRENT) == ["DARTS_V1", "DARTS_V2", "ENAS"]
    sizes = [(len(g.nodes), len(g.mean)) for g in PUBLISHED_RECURRENT.values()]
    assert sizes == [(8, 8), (8, 8), (11, 6)]


def test_from_name_or_file(tmp_path):
    expected = RecurrentGenotype.published("ENAS")
    expected.save(tmp_path / "genotype_best.json")
    for text in ("ENAS", str(tmp_path), str(tmp_path / "genotype_best.json")):
        assert RecurrentGenotype.from_name_or_file(text) == expected
    with pytest.raises(UserError, match=r"a published name \(DARTS_V1, DARTS_V2, ENAS"):
        RecurrentGenotype.from_name_or_file("NASNet-A")
