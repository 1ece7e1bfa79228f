"""The recurrent cell that a genotype describes."""

from collections.abc import Mapping
from typing import Any

import keras
import tensorflow as tf

from darts_tf.autodiff import dual
from darts_tf.autodiff.dual import Dual
from darts_tf.autodiff.dual_operations import scaled
from darts_tf.errors import invalid_value
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.recurrent.activations import get_activation
from darts_tf.recurrent.cell import (
    PACKAGE,
    RecurrentCell,
    gated,
    mean_of,
    product,
)


@keras.saving.register_keras_serializable(PACKAGE)
class EvaluationCell(RecurrentCell):
    """Recurrent cell of one activation and one source a node, not normalized.

    Args:
        units: Size of the states.
        genotype: `RecurrentGenotype`, or its JSON.

    Call arguments and output: see `RecurrentCell`.

    Example:

    ```python
    cell = EvaluationCell(850, RecurrentGenotype.published("DARTS_V2"))
    layer = keras.layers.RNN(cell, return_sequences=True)
    ```
    """

    def __init__(self, units: int, genotype: RecurrentGenotype, **kwargs: Any):
        if isinstance(genotype, str):
            genotype = RecurrentGenotype.from_json(genotype)
        if not isinstance(genotype, RecurrentGenotype):
            raise invalid_value("genotype", "a `RecurrentGenotype`", genotype)
        super().__init__(units, num_nodes=len(genotype.nodes), **kwargs)
        self.genotype = genotype
        self.functions = [
            dual.elementwise(get_activation(edge.primitive)) for edge in genotype.nodes
        ]

    def output_of(
        self,
        first: tf.Tensor | Dual,
        parameters: Mapping,
        hidden_mask: tf.Tensor | None,
    ) -> tf.Tensor | Dual:
        states, dropped = [first], [scaled(first, hidden_mask)]
        for edge, function, kernel in zip(
            self.genotype.nodes, self.functions, parameters["node_kernels"]
        ):
            gates = product(dropped[edge.source], kernel)
            states.append(gated(states[edge.source], gates, function))
            dropped.append(scaled(states[-1], hidden_mask))
        return mean_of([states[state] for state in self.genotype.mean])

    def get_config(self):
        return {**super().get_config(), "genotype": self.genotype.to_json()}
