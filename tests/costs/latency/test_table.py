import dataclasses
import json
import math

import pytest
from absl import logging

from darts_tf.costs.latency.table import Entry, check_place, read_latency_table
from darts_tf.errors import UserError
from tests.costs.latency.small_tables import CALL, CONVOLUTION, POOL, small_table


def test_milliseconds_of_parts():
    table = small_table()
    assert table.of_part(CONVOLUTION) == 0.45
    expected = 0.5 * (2 * 0.9 + 0.03)
    parts = [CONVOLUTION, CALL, CONVOLUTION]
    assert table.of_parts(parts) == pytest.approx(expected)
    assert small_table(scale=1.5).of_parts(parts) == pytest.approx(1.5 * expected)


def test_a_part_that_is_missing():
    wide = dataclasses.replace(POOL, channels=6)
    message = (
        "`latency_table`=table.json has no entry for max_pool_3x3 of stride 2, 4 to 6 "
        "channels, 8 x 8 pixels"
    )
    with pytest.raises(UserError, match=message):
        small_table().of_part(wide)


def test_a_file_there_and_back(tmp_path):
    table = small_table(tmp_path / "table.json", certain=False)
    assert table.save(table.path) == tmp_path / "table.json"
    found = read_latency_table(table.path)
    assert vars(found) == vars(table)
    # A line for each entry, so that one can read it and compare.
    *_, first, second, third, _, _ = (tmp_path / "table.json").read_text().splitlines()
    assert all('"ratio"' in line for line in (first, second, third))


@pytest.mark.parametrize(
    "changes, words",
    [
        ({}, []),
        ({"processor": "Abacus"}, ["it is of Abacus, and this is "]),
        ({"threads": 1000}, ["it is of 1000 threads, and here are "]),
        ({"processor": "Abacus", "threads": 1000}, ["of Abacus", "of 1000 threads"]),
    ],
)
def test_another_machine_warns(tmp_path, monkeypatch, changes, words):
    warned = []
    monkeypatch.setattr(
        logging, "warning", lambda text, *values: warned.append(text % values)
    )
    read_latency_table(small_table(**changes).save(tmp_path / "table.json"))
    assert len(warned) == len(words)
    assert all(word in text for word, text in zip(words, warned))


def test_a_table_of_which_too_much_is_uncertain(tmp_path):
    entries = small_table().entries
    for ratio, share in ((0.05, None), (0.0505, "5%"), (0.97, "51%")):
        rows = {**entries, POOL: Entry(ratio, 0.1, False), CALL: Entry(0.05, 0, True)}
        table = small_table(tmp_path / "table.json", entries=rows)
        table.save(table.path)
        if share is None:
            assert read_latency_table(table.path).uncertain_share == pytest.approx(0.05)
            continue
        with pytest.raises(UserError, match=f"table.json: {share} of its time is unc"):
            read_latency_table(table.path)


def _changed(**changes):
    return lambda content: content.update(changes)


def _without(name):
    return lambda content: content.pop(name)


def _entry(**changes):
    return lambda content: content["entries"][1].update(changes)


@pytest.mark.parametrize(
    "change, message",
    [
        (_changed(format="x"), '"format" of the table is \'x\'; expected "darts_tf.'),
        (_changed(version=1), '"version" of the table is 1; expected 2'),
        (_changed(version=True), '"version" of the table is True'),
        (_changed(runtime="tpu"), "\"runtime\" of the table is 'tpu'; expected one of"),
        (_changed(runtime=[]), '"runtime" of the table is'),
        (_changed(threads=0), '"threads" of the table is 0; expected an integer'),
        (_changed(processor=None), '"processor" of the table is None; expected text'),
        (_changed(versions={"a": 1}), '"versions" of the table'),
        (_changed(milliseconds=0), '"milliseconds" of the table is 0; expected a fin'),
        (_changed(milliseconds=math.inf), '"milliseconds" of the table is inf'),
        (_changed(scale=0), '"scale" of the table is 0; expected a finite number abov'),
        (_changed(reference=3), '"reference" of the table is 3; expected an object'),
        (_changed(reference={}), "the reference has no "),
        (_changed(entries=[]), '"entries" of the table is'),
        (_changed(entries=[1]), "entry 1 is no JSON object"),
        (_changed(more=1), "the table has an unknown 'more'"),
        (_without("threads"), 'the table has no "threads"'),
        (_entry(ratio=-1), '"ratio" of entry 2 is -1; expected a finite number from 0'),
        (_entry(ratio=math.nan), '"ratio" of entry 2 is nan'),
        (_entry(ratio=True), '"ratio" of entry 2 is True'),
        (_entry(ratio=10**400), '"ratio" of entry 2 is 1000'),
        (_entry(ratio=1e308), '"ratio" of entry 2 is 1e+308'),
        (_entry(spread="1"), '"spread" of entry 2'),
        (_entry(certain=1), '"certain" of entry 2 is 1; expected true or false'),
        (_entry(layer="none"), "\"layer\" of entry 2 is 'none'; expected one of"),
        (_entry(stride=3), '"stride" of entry 2 is 3; expected 1 or 2'),
        (_entry(height=2.5), '"height" of entry 2 is 2.5; expected an integer'),
        (_entry(padding=[]), '"padding" of entry 2'),
        (lambda x: x["entries"].append(x["entries"][0]), "entry 4 stands there twice"),
        (lambda x: x["entries"][2].pop("bias"), 'entry 3 has no "bias"'),
    ],
)
def test_a_damaged_field_is_named(tmp_path, change, message):
    content = json.loads(small_table().to_json())
    change(content)
    path = tmp_path / "table.json"
    path.write_text(json.dumps(content))
    with pytest.raises(UserError, match=r"^`latency_table`=\S+table.json: ") as caught:
        read_latency_table(path)
    assert message in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "content, message",
    [
        (b"", "expected a table in JSON"),
        (b"\xff\xfe{", "expected a table in JSON"),
        (b"[" * 100_000, "expected a table in JSON"),
        (b"[]", "the table is no JSON object"),
    ],
)
def test_what_is_no_table(tmp_path, content, message):
    path = tmp_path / "table.json"
    path.write_bytes(content)
    with pytest.raises(UserError, match=message):
        read_latency_table(path)


def test_a_file_that_is_not_there(tmp_path):
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(UserError, match=r"it cannot be read \("):
            read_latency_table(path)


def test_a_table_takes_the_place_of_none_but_a_table(tmp_path):
    path = tmp_path / "table.json"
    check_place(path)
    small_table().save(path)
    check_place(path)
    path.write_text('{"format": "darts_tf.genotype"}')
    for other in (path, tmp_path):
        with pytest.raises(UserError, match="is there, and no latency table: "):
            check_place(other)
