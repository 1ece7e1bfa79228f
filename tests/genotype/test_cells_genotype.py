"""Genotypes of other kinds of cells, and which class holds which cells."""

import json

import pytest

from darts_tf.genotype.cell import Cell
from darts_tf.genotype.cells_genotype import CellsGenotype, ImageGenotype, genotype_of
from darts_tf.genotype.convolutional_genotype import PUBLISHED, Genotype
from darts_tf.genotype.original_cells import ORIGINAL_CELLS
from darts_tf.genotype.recurrent_genotype import PUBLISHED_RECURRENT

CELL = Cell.from_lists([[("none", 0)], [("skip_connect", 0), ("none", 1)]], [2], 1)


def _json(**changes):
    fields = json.loads(CellsGenotype((("only", CELL),)).to_json())
    fields["cells"]["only"] |= changes
    return json.dumps(fields)


@pytest.mark.parametrize(
    "genotype", [*PUBLISHED.values(), *PUBLISHED_RECURRENT.values()]
)
def test_cells_of_a_published_kind_are_of_its_class(genotype):
    assert genotype_of(genotype.cells) == genotype


@pytest.mark.parametrize(
    "cells",
    [
        {"only": CELL},
        {"recurrent": CELL},
        {"normal": CELL, "reduce": CELL},
        {"reduce": PUBLISHED["DARTS_V2"].reduce},
    ],
)
def test_other_cells(cells, tmp_path):
    genotype = genotype_of(cells)
    assert isinstance(genotype, CellsGenotype)
    assert genotype.cells == cells and genotype in {genotype}
    genotype.save(tmp_path / "cell.json")
    assert CellsGenotype.from_name_or_file(str(tmp_path / "cell.json")) == genotype


def test_json_layout():
    assert json.loads(_json()) == {
        "format": "darts_tf.cells_genotype",
        "version": 1,
        "cells": {
            "only": {
                "num_inputs": 1,
                "nodes": [[["none", 0]], [["skip_connect", 0], ["none", 1]]],
                "output_rule": "concat",
                "outputs": [2],
            }
        },
    }


def test_str_names_the_cells():
    assert str(genotype_of({"only": CELL})).splitlines()[0] == "only cell"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (_json(extra=1), "`only`, expected a JSON object with the keys num_inputs"),
        (_json(outputs=[3]), "In the cell `only`, .*`outputs`, expected"),
        (_json(num_inputs=0), "In the cell `only`, .*`num_inputs`, expected"),
        (_json(output_rule=[]), "In the cell `only`, .*`output_rule`, expected"),
        (
            json.dumps({**json.loads(_json()), "cells": 3}),
            "`cells`, expected a JSON object",
        ),
        (
            json.dumps({**json.loads(_json()), "cells": {}}),
            "`named_cells`, expected pairs",
        ),
    ],
)
def test_malformed_json_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        CellsGenotype.from_json(text)


@pytest.mark.parametrize(
    "pairs",
    [(), [("a", CELL)], (("a", CELL), ("a", CELL)), (("", CELL),), (("a", 3),), ("a",)],
)
def test_malformed_pairs_are_refused(pairs):
    with pytest.raises(ValueError, match="`named_cells`, expected pairs of distinct"):
        CellsGenotype(pairs)


@pytest.mark.parametrize("name", ORIGINAL_CELLS)
def test_cells_as_their_own_papers_build_them(name, tmp_path):
    genotype = ImageGenotype.published(name)
    assert list(genotype.cells) == list(ORIGINAL_CELLS[name])
    for cell in genotype.cells.values():
        # Five nodes, each a sum of two.
        assert [len(node) for node in cell.nodes] == [2] * 5
        # What no node reads is in the output.
        read = {edge.source for edge in cell.edges}
        assert set(range(7)) - read <= set(cell.outputs)
    genotype.save(tmp_path / "cells.json")
    assert ImageGenotype.load(tmp_path / "cells.json") == genotype
    assert genotype_of(genotype.cells) == genotype


def test_published_names_of_both_classes():
    names = ImageGenotype.published_by_name()
    assert isinstance(names["PNAS"], CellsGenotype)
    assert isinstance(names["AmoebaNet-B"], Genotype)
    with pytest.raises(ValueError, match=r"one of DARTS_V1, .*, PNAS\."):
        ImageGenotype.published("pnas")
