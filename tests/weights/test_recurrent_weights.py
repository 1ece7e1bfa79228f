"""Published recurrent weights, from dictionaries and from whole pickled models."""

import os
import sys
import types

import numpy as np
import pytest
import tensorflow as tf

from benchmarks.golden_recurrent_names import batch_major
from darts_tf.errors import UserError
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.recurrent import EvaluationCell, LanguageModel
from darts_tf.weights.recurrent_weights import language_model_for, published_variables
from darts_tf.weights.torch_checkpoint import read_state_dict
from tests.torch_files import Tensor, legacy_file, pickled

GENOTYPE = RecurrentGenotype.published("DARTS_V2")


def weights(units=3, words=5):
    model = LanguageModel(words, EvaluationCell(units, GENOTYPE))
    model.build()
    tensors = {k: v.numpy() for k, v in published_variables(model).items()}
    return tensors | {"decoder.weight": tensors["encoder.weight"]}


def tied(*shape):
    return dict.fromkeys(("encoder.weight", "decoder.weight"), np.ones(shape))


@pytest.mark.parametrize(
    "file", ["rnn_eval_darts_v2.object.pt", "rnn_eval_darts_v2.pt"]
)
def test_golden_checkpoint(golden_folder, file, record_property):
    golden = np.load(golden_folder / "rnn_eval_darts_v2.npz", allow_pickle=False)
    tensors = read_state_dict(golden_folder / file)
    names = {k.removeprefix("param/") for k in golden if k.startswith("param/")}
    assert names == tensors.keys()
    model = language_model_for(tensors, GENOTYPE, "float64")
    state = golden["hidden"][0]
    output = model({"tokens": batch_major(golden["tokens"]), "state": state})
    expected = batch_major(golden["log_prob"])
    error = np.abs(tf.nn.log_softmax(output.logits) - expected).max()
    error /= np.abs(expected).max()
    record_property("largest relative error", f"{error:.1e}")
    assert error <= 1e-9


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rnns.0._Ws.7": None}, "lack what it needs: rnns.0._Ws.7"),
        ({"rnns.1._W0": np.ones(2)}, "no place for: rnns.1._W0"),
        ({"rnns.0._Ws.0": np.ones((3, 4))}, "rnns.0._Ws.0 has the shape"),
        ({"decoder.weight": np.ones((5, 3))}, "that is decoder.weight too"),
        ({"encoder.weight": np.ones(5)}, "Expected a matrix encoder.weight"),
        # A model of 160 GB.
        (tied(2, 100_000), r"decoder.bias has the shape \(5,\)"),
        (tied(5, 0), r"rnns.0._W0 has the shape \(6, 6\)"),
    ],
)
def test_tensors_that_do_not_fit(change, message):
    tensors = {k: v for k, v in (weights() | change).items() if v is not None}
    with pytest.raises(UserError, match=message):
        language_model_for(tensors, GENOTYPE)


def test_a_model_that_is_too_large():
    units = 65_537
    tensors = {"encoder.weight": np.ones((2, units)), "decoder.bias": np.ones(2)}
    rows = {"rnns.0._W0": 2 * units}
    rows |= {f"rnns.0._Ws.{index}": units for index in range(8)}
    for name, count in rows.items():  # as if they were there
        tensors[name] = np.broadcast_to(np.float32(0), (count, 2 * units))
    with pytest.raises(UserError, match=r"`units`, .* at most 65536"):
        language_model_for(tensors, GENOTYPE)


@pytest.fixture
def published_class(monkeypatch):
    """A class that pickles under the name of the authors' model."""
    module = types.ModuleType("model")
    module.RNNModel = type("RNNModel", (), {"__module__": "model"})
    monkeypatch.setitem(sys.modules, "model", module)
    return module.RNNModel


def make_module(cls, parameters=(), modules=()):
    module = cls()
    module._parameters = {k: Tensor(np.float32(v)) for k, v in dict(parameters).items()}
    module._parameters["absent"] = None
    module._buffers = {}
    module._modules = dict(modules)
    return module


def write(path, value):
    path.write_bytes(legacy_file(*pickled(value)))
    return path


def test_a_model_becomes_a_dictionary(published_class, tmp_path):
    inner = make_module(published_class, {"weight": [1, 2]})
    model = make_module(published_class, {"bias": [3]}, {"inner": inner})
    tensors = read_state_dict(write(tmp_path / "model.pt", model))
    assert {k: v.tolist() for k, v in tensors.items()} == {
        "bias": [3],
        "inner.weight": [1, 2],
    }


class Call:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def test_a_hostile_model_runs_nothing(published_class, tmp_path):
    model = make_module(published_class, {"bias": [3]})
    model.extra = Call(tmp_path / "made")
    with pytest.raises(UserError, match=r"mkdir.*nothing in it was run"):
        read_state_dict(write(tmp_path / "model.pt", model))
    assert not (tmp_path / "made").exists()


def test_malformed_models(published_class, tmp_path):
    twice = make_module(published_class)
    twice._modules = {"a": twice}
    for model in (twice, published_class(), make_module(published_class, {}, {"a": 1})):
        with pytest.raises(UserError, match="is damaged"):
            read_state_dict(write(tmp_path / "model.pt", model))


def test_small_models_of_many_names(published_class, tmp_path):
    bomb = make_module(published_class)
    shared = {str(index): Tensor(np.ones(1, "float32")) for index in range(100)}
    for name in range(100):
        child = make_module(published_class)
        child._parameters = shared
        bomb._modules[str(name)] = child
    deep, name = make_module(published_class), "a" * 300
    for _ in range(10):
        deep = make_module(published_class, {}, {name: deep})
    for model, message in ((bomb, "is there twice"), (deep, "a name is too long")):
        with pytest.raises(UserError, match=message):
            read_state_dict(write(tmp_path / "model.pt", model))
