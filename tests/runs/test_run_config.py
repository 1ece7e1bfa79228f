import json

import pytest

from darts_tf.errors import UserError
from darts_tf.run_layout import CONFIG_FILE
from darts_tf.runs.run_config import read_config

CONFIG = {
    "format": "test.run",
    "version": 1,
    "settings": {},
    "data": {
        "name": "digits",
        "image_shape": [8, 8, 1],
        "mean": [0.5],
        "std": [0.25],
        "class_names": ["a", "b", ""],
    },
    "versions": {},
    "num_weights": 3,
    "command": "python",
}


def write(folder, config):
    text = config if isinstance(config, str) else json.dumps(config)
    (folder / CONFIG_FILE).write_text(text)


def test_reads_what_was_written(tmp_path):
    config = {**CONFIG, "fingerprint": {"num_train": 3}, "unknown": 1}
    write(tmp_path, config)
    expected = {k: v for k, v in config.items() if k not in ("version", "unknown")}
    assert read_config(tmp_path) == read_config(tmp_path, "test.run") == expected


@pytest.mark.parametrize(
    "config, message",
    [
        ("", "JSON"),
        ("[" * 200_000, "JSON"),
        ("[]", "JSON object"),
        ("\udcff".encode("utf-8", "surrogatepass").decode("latin-1"), "JSON"),
        ({**CONFIG, "format": []}, '"format" of type str'),
        ({**CONFIG, "format": {}}, '"format" of type str'),
        ({**CONFIG, "version": 2}, '"version": 1'),
        ({**CONFIG, "data": []}, '"data" of type dict'),
        ({**CONFIG, "num_weights": "3"}, '"num_weights" of type int'),
        ({**CONFIG, "fingerprint": 3}, '"fingerprint" of type dict'),
    ],
)
def test_what_is_no_configuration(tmp_path, config, message):
    write(tmp_path, config)
    with pytest.raises(UserError, match=message) as error:
        read_config(tmp_path)
    assert CONFIG_FILE in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize(
    "name, value",
    [
        ("name", ["digits"]),
        *(
            ("image_shape", shape)
            for shape in (
                "abc",
                5,
                [-1, -1, 1],
                [10**6, 10**6, 1],
                [8.5, 8, 1],
                [8, 8],
                [8, 0, 1],
                [8, 8, 3],
                [True, 8, 1],
            )
        ),
        ("mean", "x"),
        ("mean", ["x"]),
        ("mean", [0.5, 0.5]),
        ("mean", [float("nan")]),
        ("mean", [10**400]),
        ("std", [-1]),
        ("std", [0]),
        ("class_names", "abc"),
        ("class_names", []),
        ("class_names", ["\ud800", "b"]),
        ("class_names", [None, "b"]),
        ("class_names", ["two\nlines", "b"]),
        ("class_names", ["two\u2028lines", "b"]),
    ],
)
def test_what_is_no_description_of_data(tmp_path, name, value):
    write(tmp_path, {**CONFIG, "data": {**CONFIG["data"], name: value}})
    with pytest.raises(UserError, match="damaged") as error:
        read_config(tmp_path)
    assert CONFIG_FILE in str(error.value) and "\n" not in str(error.value)


def test_what_is_no_file(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        read_config(tmp_path)
    (tmp_path / CONFIG_FILE).mkdir()
    with pytest.raises(UserError, match="a file, found something else"):
        read_config(tmp_path)


def test_a_device_is_not_read(tmp_path):
    (tmp_path / CONFIG_FILE).symlink_to("/dev/zero")
    with pytest.raises(UserError, match="a file, found something else"):
        read_config(tmp_path)
