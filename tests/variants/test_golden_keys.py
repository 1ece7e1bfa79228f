"""Every key of the golden files of variants has a place in the table."""

import fnmatch

import numpy as np
import pytest

from tests.variants.golden_keys import COMPARED, INPUT, KEYS, NOTE, OTHERWISE
from tests.variants.golden_variants import read_json


def _keys(golden_folder, name):
    if name.endswith(".json"):
        return set(_paths(read_json(golden_folder, name.removesuffix(".json"))))
    with np.load(golden_folder / "variants" / name) as content:
        return set(content.files)


def _paths(content):
    """Keys of nested dictionaries, joined; `#` stands for all items of a list."""
    if isinstance(content, dict):
        items = content.items()
    elif isinstance(content, list) and any(isinstance(x, dict) for x in content):
        items = [("#", item) for item in content]
    else:
        return []
    return [
        path
        for key, value in items
        for path in [f"{key}/{rest}" for rest in _paths(value)] or [key]
    ]


def test_every_file_is_named(golden_folder):
    files = (golden_folder / "variants").iterdir()
    found = {file.name for file in files if file.suffix in (".npz", ".json")}
    assert found == KEYS.keys()


@pytest.mark.parametrize("name", KEYS)
def test_every_key_is_named_once(golden_folder, name):
    keys, patterns = _keys(golden_folder, name), KEYS[name]
    places = {
        key: [pattern for pattern in patterns if fnmatch.fnmatchcase(key, pattern)]
        for key in keys
    }
    assert {key: found for key, found in places.items() if len(found) != 1} == {}


@pytest.mark.parametrize("name", KEYS)
def test_every_status_is_one_of_four(name):
    for status in KEYS[name].values():
        assert status in (COMPARED, INPUT, NOTE) or (
            status.startswith(OTHERWISE) and len(status) > len(OTHERWISE)
        )
