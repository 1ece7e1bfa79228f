"""The binary as a user runs it, in processes of their own."""

import functools

import keras
import numpy as np
import pytest

from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.genotype.convolutional_genotype import PUBLISHED
from darts_tf.weights.convolutional_weights import published_views
from tests.torch_files import Tensor, legacy_file, pickled
from tests.trainers import trainer_process
from trainers import import_weights

run = functools.partial(trainer_process.run, import_weights)


def write_checkpoint(path):
    """Writes a small network as a training script does; returns the network."""
    network = EvaluationNetwork(PUBLISHED["DARTS_V2"], init_channels=4, num_cells=3)
    network.build((None, 8, 8, 3))
    views = published_views(network, {v.path: v.numpy() for v in network.variables})
    state = {f"module.{name}": Tensor(view) for name, view in views.items()}
    path.write_bytes(legacy_file(*pickled({"epoch": 1, "state_dict": state})))
    return network


def test_imports_a_checkpoint(tmp_path):
    network = write_checkpoint(tmp_path / "model.pt")
    output = tmp_path / "new" / "model.keras"
    result = run(
        tmp_path / "model.pt",
        "--genotype=DARTS_V2",
        f"--output={output}",
        "--image_size=8",
    )
    assert result.returncode == 0, result.stderr
    assert "3 cells, 4 channels, 10 classes" in result.stdout
    loaded = keras.saving.load_model(output)
    images = keras.random.normal((2, 8, 8, 3))
    np.testing.assert_array_equal(loaded(images), network(images))


def test_golden_checkpoint(golden_folder, tmp_path):
    golden = np.load(golden_folder / "conv_eval_darts_v2.npz")
    output = tmp_path / "model.keras"
    checkpoint = golden_folder / "conv_eval_darts_v2.legacy.pt"
    result = run(checkpoint, "--genotype=DARTS_V2", f"--output={output}")
    assert result.returncode == 0, result.stderr
    logits = keras.saving.load_model(output)(golden["x"].transpose(0, 2, 3, 1))
    np.testing.assert_allclose(logits, golden["logits_eval"], rtol=1e-4, atol=1e-5)


def test_golden_recurrent_checkpoint(golden_folder, tmp_path):
    output = tmp_path / "model.keras"
    checkpoint = golden_folder / "rnn_eval_darts_v2.object.pt"
    result = run(checkpoint, "--genotype=DARTS_V2", f"--output={output}")
    assert result.returncode == 0, result.stderr
    assert "50 words, 12 units, 3,530 weights" in result.stdout
    model = keras.saving.load_model(output)
    golden = np.load(golden_folder / "rnn_eval_darts_v2.npz")
    state = golden["hidden"][0]
    output = model({"tokens": golden["tokens"].T, "state": state})
    np.testing.assert_allclose(output.state, golden["hidden_next"][0], rtol=1e-4)


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--genotype=DARTS_V2"], "Expected one argument"),
        (["{tmp}/model.pt", "stray", "--genotype=DARTS_V2"], "Expected one argument"),
        (["{tmp}/model.pt"], "--genotype"),
        (["{tmp}/none.pt", "--genotype=DARTS_V2"], "none.pt"),
        (["{tmp}/model.pt", "--genotype=DARTS_V9"], "DARTS_V9"),
        (["{tmp}/model.pt", "--genotype=DARTS_V1"], "no place for"),
        (["{tmp}/model.pt", "--genotype=DARTS_V2", "--output={tmp}/a"], ".keras"),
        (["{tmp}/model.pt", "--genotype=DARTS_V2", "--output={tmp}/b.keras"], "exists"),
        (["{tmp}/b.keras", "--genotype=DARTS_V2"], "is damaged"),
    ],
)
def test_bad_input(tmp_path, arguments, message):
    write_checkpoint(tmp_path / "model.pt")
    (tmp_path / "b.keras").write_text("something")
    before = sorted(tmp_path.iterdir())
    arguments = [argument.format(tmp=tmp_path) for argument in arguments]
    result = run(f"--output={tmp_path}/new/model.keras", *arguments)
    assert result.returncode == 1 and "Traceback" not in result.stderr
    assert message in result.stderr + result.stdout
    assert sorted(tmp_path.iterdir()) == before
