"""The registry of activations."""

import pytest
import tensorflow as tf

from darts_tf.recurrent import activations
from darts_tf.recurrent.search_cell import SearchCell


@pytest.fixture
def registry(monkeypatch):
    monkeypatch.setattr(activations, "_ACTIVATIONS", dict(activations._ACTIVATIONS))


def test_registered_activation_serves_a_cell(registry):
    activations.register_activation("sine", tf.sin)
    assert activations.get_activation("sine") is tf.sin
    cell = SearchCell(3, num_nodes=1, activations=["sine", "none"])
    cell.build((None, 3))
    assert cell.genotype().nodes[0].primitive == "sine"


@pytest.mark.parametrize("name", ["none", "tanh"])
def test_taken_name_is_refused(registry, name):
    with pytest.raises(ValueError, match="`name`, expected a name that is not taken"):
        activations.register_activation(name, tf.sin)


def test_unknown_name_lists_the_known():
    with pytest.raises(ValueError, match="one of tanh, relu, sigmoid, identity"):
        activations.get_activation("gelu")
