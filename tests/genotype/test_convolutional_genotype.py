"""The genotype: validation, JSON, files and the published cells."""

import dataclasses
import json
import os

import pytest

from darts_tf.errors import UserError
from darts_tf.genotype.cell import Cell, Edge
from darts_tf.genotype.convolutional_genotype import PUBLISHED, Genotype
from darts_tf.genotype.json_text import MAX_JSON_LENGTH

SEP, SKIP = "sep_conv_3x3", "skip_connect"
NODES = [[(SEP, 0), (SKIP, 1)], [(SEP, 2)]]


def _cell(nodes=NODES, outputs=(2, 3)):
    return Cell.from_lists(nodes, outputs)


def _json(**changes):
    """The JSON of a valid genotype, with some of its fields replaced."""
    fields = json.loads(Genotype(_cell(), _cell()).to_json())
    return json.dumps(fields | changes)


def test_cell_holds_edges_by_node():
    assert _cell().nodes == ((Edge(SEP, 0), Edge(SKIP, 1)), (Edge(SEP, 2),))
    assert _cell().outputs == (2, 3)


def test_genotype_is_frozen_and_hashable():
    genotype = Genotype(_cell(), _cell())
    assert genotype in {genotype}
    with pytest.raises(dataclasses.FrozenInstanceError):
        genotype.normal = _cell()


def test_str_shows_one_line_a_node():
    assert str(_cell()).splitlines() == [
        f"node 2: {SEP}(0) + {SKIP}(1)",
        f"node 3: {SEP}(2)",
        "concat: 2, 3",
    ]
    assert str(_cell()) in str(Genotype(_cell(), _cell()))


@pytest.mark.parametrize("name", ["", "Sep", "3x3", "_x", "a-b", "a b", "é", "a\n", 3])
def test_malformed_primitive_is_refused(name):
    with pytest.raises(ValueError, match="`primitive`, expected a name of lower-case"):
        Edge(name, 0)


@pytest.mark.parametrize("source", [-1, True, 1.0, "1", None])
def test_malformed_source_is_refused(source):
    with pytest.raises(ValueError, match="`source`, expected an integer from 0 up"):
        Edge(SEP, source)


def test_source_must_come_before_its_node():
    assert _cell([[(SEP, 1)], [(SEP, 2)]])
    with pytest.raises(ValueError, match=r"`nodes\[1\]`, expected sources from 0 to 2"):
        _cell([[(SEP, 1)], [(SEP, 3)]])


def test_repeated_source_and_edge_are_allowed():
    assert len(_cell([[(SEP, 0), (SEP, 0), (SKIP, 0)]], [2]).nodes[0]) == 3


@pytest.mark.parametrize("outputs", [[], [4], [2, 2], [True], ["2"], [2.0], "23"])
def test_malformed_outputs_are_refused(outputs):
    with pytest.raises(
        ValueError,
        match=r"`outputs`, expected one or more distinct inputs, or nodes .*: of 0, 1",
    ):
        _cell(outputs=outputs)


def test_outputs_may_name_inputs():
    assert _cell(outputs=[0, 1, 3]).outputs == (0, 1, 3)
    text = Genotype(_cell(outputs=[1]), _cell(outputs=[3, 0])).to_json()
    assert '"concat": [1]' in text
    assert Genotype.from_json(text).reduce.outputs == (3, 0)


def test_a_node_without_edges_does_not_exist():
    nodes = [[], [(SEP, 0)], []]
    cell = _cell(nodes, [3])
    assert cell.nodes == ((), (Edge(SEP, 0),), ())
    assert str(cell).splitlines()[::2] == ["node 2: no edges", "node 4: no edges"]
    genotype = Genotype(cell, cell)
    assert Genotype.from_json(genotype.to_json()) == genotype
    with pytest.raises(ValueError, match=r"`outputs`, .*, in a tuple: of 0, 1, 3"):
        _cell(nodes, [2, 3])
    with pytest.raises(
        ValueError, match=r"`nodes\[1\]`, expected other sources than 2"
    ):
        _cell([[], [(SEP, 2)]], [3])


@pytest.mark.parametrize("num_inputs", [0, -1, True, 2.0, None])
def test_malformed_number_of_inputs_is_refused(num_inputs):
    with pytest.raises(ValueError, match="`num_inputs`, expected an integer from 1"):
        Cell.from_lists(NODES, [2], num_inputs)


def test_an_unknown_output_rule_is_refused():
    with pytest.raises(ValueError, match="`output_rule`, expected one of concat, mean"):
        Cell.from_lists(NODES, [2], output_rule="sum")


def test_states_are_counted_from_the_number_of_inputs():
    cell = Cell.from_lists([[(SEP, 0)], [(SEP, 1)]], [2], 1, "mean")
    assert str(cell) == f"node 1: {SEP}(0)\nnode 2: {SEP}(1)\nmean: 2"
    with pytest.raises(ValueError, match=r"`nodes\[0\]`, expected sources from 0 to 0"):
        Cell.from_lists([[(SEP, 1)]], [1], 1)


def test_edges_of_all_nodes():
    cell = _cell()
    assert cell.edges == (Edge(SEP, 0), Edge(SKIP, 1), Edge(SEP, 2))
    assert [cell.count(name) for name in (SEP, SKIP, "none")] == [2, 1, 0]
    assert Genotype(cell, cell).primitives == {SEP, SKIP}


@pytest.mark.parametrize(
    "nodes",
    [[], [[]], [SEP], [[SEP]], [[(SEP,)]], [[(SEP, 0, 1)]], [[{"a": 1}]], 3, [3], None],
)
def test_malformed_nodes_are_refused(nodes):
    with pytest.raises(ValueError, match="Received an invalid value for `"):
        _cell(nodes, [2])


@pytest.mark.parametrize("nodes", [[], [[Edge(SEP, 0)]], ([],), (((SEP, 0),),)])
def test_constructor_wants_tuples_of_edges(nodes):
    with pytest.raises(ValueError, match="`nodes"):
        Cell(nodes, (2,))
    with pytest.raises(ValueError, match="`outputs"):
        Cell(((),), (2,))


@pytest.mark.parametrize("form", [(1, "concat"), (2, "mean")])
def test_genotype_wants_cells_of_its_form(form):
    cell = Cell.from_lists([[(SEP, 0)]], [0], *form)
    assert not Genotype.holds({"normal": cell, "reduce": cell})
    with pytest.raises(ValueError, match="`reduce`, expected a `Cell` of two inputs"):
        Genotype(_cell(), cell)


def test_cells_by_kind():
    genotype = Genotype(_cell(), _cell(outputs=[2]))
    assert genotype.cells == {"normal": genotype.normal, "reduce": genotype.reduce}
    assert Genotype.holds(genotype.cells)
    assert Genotype.from_cells(genotype.cells) == genotype


def test_genotype_wants_cells():
    with pytest.raises(ValueError, match="`reduce`, expected a `Cell`"):
        Genotype(_cell(), "DARTS_V2")


@pytest.mark.parametrize("name", PUBLISHED)
def test_json_round_trip(name):
    genotype = Genotype.published(name)
    assert Genotype.from_json(genotype.to_json()) == genotype


def test_json_layout():
    cell = {"nodes": [[[SEP, 0], [SKIP, 1]], [[SEP, 2]]], "concat": [2, 3]}
    assert json.loads(Genotype(_cell(), _cell()).to_json()) == {
        "format": "darts_tf.genotype",
        "version": 1,
        "normal": cell,
        "reduce": cell,
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected JSON"),
        ("{", "expected JSON"),
        ("[" * 100_000, "expected JSON"),
        ("9" * 5_000, "expected JSON"),
        (" " * (MAX_JSON_LENGTH + 1), "at most 1,000,000 characters"),
        (None, "at most 1,000,000 characters"),
        ("[]", "expected a JSON object with"),
        ("NaN", "expected a JSON object with"),
        ("{}", "expected a JSON object with"),
        (_json(format="darts_tf.search"), "expected a JSON object with"),
        (_json(version=2), "`version`, expected 1, .* Received: version=2"),
        (_json(version=True), "`version`, expected 1, .* Received: version=True"),
        (_json(version=None), "`version`, expected 1"),
        (_json(extra=1), "the keys format, version, normal, reduce"),
        (_json(reduce=[]), "`reduce`, expected a JSON object with the keys nodes"),
        (_json(normal={"nodes": []}), "`normal`, expected a JSON object with the keys"),
        (_json(normal={"nodes": 3, "concat": [2]}), "In the cell `normal`, .*`nodes`"),
        (
            _json(reduce={"nodes": [[[SEP, 0]]], "concat": [3]}),
            "In the cell `reduce`, the outputs of which are its `concat`: .*`outputs`",
        ),
        (
            _json(reduce={"nodes": [[[SEP, True]]], "concat": [2]}),
            "In the cell `reduce`, .*`source`.*Received: source=True",
        ),
        (
            _json(reduce={"nodes": [[[SEP, 0]]], "concat": 2}),
            "`concat`, expected a list",
        ),
        (
            _json(reduce={"nodes": [[["__import__('os')", 0]]], "concat": [2]}),
            "primitive",
        ),
    ],
)
def test_malformed_json_is_refused(text, message):
    with pytest.raises(ValueError, match=message) as caught:
        Genotype.from_json(text)
    assert len(str(caught.value)) < 500
    assert "\n" not in str(caught.value)


def test_json_must_name_both_cells():
    fields = json.loads(_json())
    del fields["reduce"]
    with pytest.raises(ValueError, match="the keys format, version, normal, reduce"):
        Genotype.from_json(json.dumps(fields))


def test_save_and_load(tmp_path):
    path = tmp_path / "cell.json"
    Genotype.published("DARTS_V1").save(path)
    Genotype.published("DARTS_V2").save(path)
    assert Genotype.load(path) == Genotype.published("DARTS_V2")
    assert os.listdir(tmp_path) == ["cell.json"]


def test_failed_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "cell.json"
    genotype = Genotype.published("DARTS_V1")
    genotype.save(path)

    def full_disk(descriptor):
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        Genotype.published("DARTS_V2").save(path)
    assert Genotype.load(path) == genotype
    assert os.listdir(tmp_path) == ["cell.json"]


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b" " * 2_000_000])
def test_load_names_the_file(tmp_path, content):
    path = tmp_path / "broken.json"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"broken\.json"):
        Genotype.load(path)


def test_load_of_a_missing_file_names_it(tmp_path):
    with pytest.raises(UserError, match=r"missing\.json"):
        Genotype.load(tmp_path / "missing.json")


def test_published_lists_the_names():
    with pytest.raises(
        ValueError, match=r"one of DARTS_V1, DARTS_V2, NASNet-A, AmoebaNet-A, "
    ):
        Genotype.published("darts")


@pytest.mark.parametrize(
    ("name", "normal", "reduce"),
    [
        ("DARTS_V1", (2, 3, 4, 5), (2, 3, 4, 5)),
        ("DARTS_V2", (2, 3, 4, 5), (2, 3, 4, 5)),
        ("NASNet-A", (2, 3, 4, 5, 6), (4, 5, 6)),
        ("AmoebaNet-A", (4, 5, 6), (3, 4, 6)),
    ],
)
def test_published_cells(name, normal, reduce):
    genotype = Genotype.published(name)
    assert (genotype.normal.outputs, genotype.reduce.outputs) == (normal, reduce)
    for cell in (genotype.normal, genotype.reduce):
        assert len(cell.nodes) == (4 if name.startswith("DARTS") else 5)
        assert {len(node) for node in cell.nodes} == {2}


def test_published_cannot_be_changed():
    with pytest.raises(TypeError):
        PUBLISHED["mine"] = PUBLISHED["DARTS_V1"]


def test_from_name_or_file(tmp_path):
    expected = Genotype.published("DARTS_V2")
    expected.save(tmp_path / "genotype_best.json")
    for text in ("DARTS_V2", str(tmp_path), str(tmp_path / "genotype_best.json")):
        assert Genotype.from_name_or_file(text) == expected


@pytest.mark.parametrize("text", ["", "darts", "a\0b", "x" * 10_000, "/"])
def test_from_name_or_file_says_what_it_takes(text):
    with pytest.raises(
        UserError, match=r"a published name \(DARTS_V1, .*a genotype file"
    ):
        Genotype.from_name_or_file(text)
