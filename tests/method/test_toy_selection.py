"""A toy: a selection that keeps another number of edges a node, and a stop."""

import dataclasses

import keras
import pytest
import tensorflow as tf

from darts_tf.method.methods import DARTS
from darts_tf.method.slots import Selection
from darts_tf.method.stops import Stop
from darts_tf.space.search_space import SearchSpace
from tests.method.method_checks import make_batch, make_model


@keras.saving.register_keras_serializable("test_toy_selection")
@dataclasses.dataclass(frozen=True)
class KeepSome(Selection):
    """The strongest edges of each node, as many as it is told."""

    count: int = 1

    def genotype(self, space, strengths):
        cells = (dataclasses.replace(c, edges_per_node=self.count) for c in space.cells)
        return SearchSpace(space.name, tuple(cells)).derive(strengths)


@keras.saving.register_keras_serializable("test_toy_selection")
@dataclasses.dataclass(frozen=True)
class StopAfter(Stop):
    """Ends the search after some epochs."""

    epochs: int = 2

    def kept_epoch(self, history):
        return 1 if history[-1].number == self.epochs else None


@pytest.mark.parametrize(("count", "sizes"), [(1, [1, 1]), (3, [2, 3])])
def test_a_node_keeps_one_or_three_edges(count, sizes):
    method = dataclasses.replace(DARTS, selection=KeepSome(count))
    network = make_model(method).network
    genotype = network.genotype()
    for cell in genotype.cells.values():
        assert [len(node) for node in cell.nodes] == sizes
    network.method.selection.genotype(network.space, network.architecture.strengths())


def test_a_search_ends_where_its_stop_says_so():
    method = dataclasses.replace(DARTS, stop=StopAfter(2))
    model = make_model(method, dtype="float32")
    batches = (make_batch(0, "float32"), make_batch(1, "float32"))
    pairs = tf.data.Dataset.from_tensors(batches)
    history = model.fit(pairs, epochs=5, verbose=0)
    assert history.epoch == [0, 1]
    assert model.kept_epoch == 1
    assert [x.number for x in model.record.epochs] == [1, 2]
    assert model.record.epochs[1].genotype == model.network.genotype()
    assert model.record.epochs[0].metrics["loss"] == history.history["loss"][0]
