import dataclasses

import pytest

from darts_tf.errors import UserError
from darts_tf.runs.run_folder import RunFolder
from darts_tf.serving.export_config import ExportConfig
from darts_tf.serving.exporters import export_run
from tests.serving.trained_run import make_network, write_run


def test_a_run_of_another_kind(tmp_path):
    config = {"num_weights": 1, "data": {}, "versions": {}, "command": ""}
    RunFolder(tmp_path, "darts_tf.search").write_config({}, **config)
    with pytest.raises(UserError, match=r"is a 'darts_tf.search'; expected a train"):
        export_run(ExportConfig(tmp_path, tmp_path / "out"))


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"format": 1, "data": 2}', "\xff"])
def test_damaged_configuration(tmp_path, text):
    (tmp_path / "config.json").write_text(text, "latin-1")
    with pytest.raises(UserError, match=r"config.json is damaged"):
        export_run(ExportConfig(tmp_path, tmp_path / "out"))


@pytest.fixture(scope="module")
def training(tmp_path_factory):
    return write_run(tmp_path_factory.mktemp("training") / "run", make_network())


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"run": "{tmp}/none"}, "neither the folder of a training nor a .keras file"),
        ({"run": "{tmp}/none.keras"}, "none.keras does not exist"),
        ({"run": "{tmp}/damaged.keras"}, "damaged.keras cannot be read"),
        ({"output": "{tmp}/damaged.keras"}, "Not a directory"),
        ({"output": "{run}"}, "other files than versions"),
        ({"output": "/proc/served"}, "`output`=/proc/served"),
        ({"mean": (0.5,)}, "`mean` needs 3 values"),
    ],
)
def test_bad_input_leaves_nothing(training, tmp_path, changes, message):
    content = (training / "model_best.keras").read_bytes()
    (tmp_path / "damaged.keras").write_bytes(content[:-100])
    before = sorted(tmp_path.iterdir()), sorted(training.iterdir())
    changes = {
        name: value.format(tmp=tmp_path, run=training) if name != "mean" else value
        for name, value in changes.items()
    }
    config = ExportConfig(str(training), str(tmp_path / "new" / "served"))
    with pytest.raises(UserError, match=message):
        export_run(dataclasses.replace(config, **changes))
    assert (sorted(tmp_path.iterdir()), sorted(training.iterdir())) == before
