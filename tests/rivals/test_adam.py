import json

import numpy as np
import pytest

from darts_tf.rivals.adam import Adam
from darts_tf.rivals.saved_arrays import load_arrays, save_arrays


def test_steps_in_closed_form():
    # Of a constant gradient both means are exact, so that a step is the rate.
    parameters = {"a": np.array([1.0, -2.0]), "b": np.zeros((1, 1))}
    adam = Adam(parameters, 0.1, epsilon=0.0)
    for _ in range(3):
        adam.apply({"a": np.array([5.0, -0.01]), "b": np.full((1, 1), 2.0)})
    np.testing.assert_allclose(parameters["a"], [0.7, -1.7], rtol=1e-12)
    np.testing.assert_allclose(parameters["b"], [[-0.3]], rtol=1e-12)


def test_a_changing_gradient_by_hand():
    parameters = {"a": np.zeros(1)}
    adam = Adam(parameters, 1.0)
    adam.apply({"a": np.ones(1)})
    adam.apply({"a": np.full(1, 3.0)})
    mean = (0.9 * 0.1 + 0.1 * 3) / (1 - 0.9**2)
    square = (0.999 * 0.001 + 0.001 * 9) / (1 - 0.999**2)
    expected = -1 / (1 + 1e-8) - mean / (np.sqrt(square) + 1e-8)
    np.testing.assert_allclose(parameters["a"], expected, rtol=1e-12)


def test_it_goes_on_with_its_state():
    rng = np.random.default_rng(0)
    first = {"a": np.array([0.1, 0.2])}
    adam = Adam(first, 0.3)
    adam.apply({"a": rng.normal(size=2)})
    second = {"a": first["a"].copy()}
    other = Adam(second, 0.3)
    other.state = json.loads(json.dumps(adam.state))
    gradient = rng.normal(size=2)
    adam.apply({"a": gradient})
    other.apply({"a": gradient})
    assert (first["a"] == second["a"]).all()


def test_arrays_keep_every_bit():
    arrays = {"a": np.array([[0.1, -0.0, 5e-324]]), "b": np.array(np.pi)}
    saved = json.loads(json.dumps(save_arrays(arrays)))
    loaded = {name: np.zeros_like(array) for name, array in arrays.items()}
    load_arrays(loaded, saved)
    for name, array in arrays.items():
        assert array.tobytes() == loaded[name].tobytes()
    for bad in ({}, {**saved, "a": "x"}, {**saved, "a": saved["b"]}):
        with pytest.raises(ValueError):
            load_arrays(loaded, bad)
