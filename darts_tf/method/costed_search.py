"""The part of a search that knows what its derived network costs."""

from collections.abc import Sequence

import tensorflow as tf

from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.method.architecture_cost import (
    ArchitectureCost,
    Multiplier,
    costs_in_graph,
    expected_cost,
    mixture_cost,
)

# Columns of the cost in the metrics of a search, and that of the multiplier.
DERIVED, EXPECTED, MIXTURE, MULTIPLIER = COST_COLUMNS = (
    "cost",
    "cost_expected",
    "cost_mixture",
    "cost_multiplier",
)


class CostedSearch:
    """Mixin of searches with an `ArchitectureCost`, see `ArchitectureSearch`.

    Attributes:
        cost: The `ArchitectureCost`, or `None`; set by `compile`.
    """

    cost: ArchitectureCost | None = None
    _multiplier: Multiplier | None = None

    def _set_cost(self, cost: ArchitectureCost | None) -> None:
        self.cost = cost
        if cost is not None and cost.has_multiplier:
            self._multiplier = Multiplier()

    @property
    def cost_columns(self) -> tuple[str, ...]:
        """Names of what `cost_metrics` returns."""
        if self.cost is None:
            return ()
        return COST_COLUMNS if self._multiplier else COST_COLUMNS[:-1]

    @property
    def cost_variables(self) -> list:
        """The Keras variables that a checkpoint holds for the cost."""
        return [self._multiplier.value] if self._multiplier else []

    def continue_cost(self, before: "CostedSearch") -> None:
        """Takes over the multiplier of the search of the stage before."""
        for variable, value in zip(self.cost_variables, before.cost_variables):
            variable.assign(value)

    def _cost_value(self, alpha: Sequence[tf.Tensor], role: int) -> tf.Tensor | None:
        """What the architecture's loss has of the cost, `None` without a target.

        Args:
            alpha: The architecture's values.
            role: Which batch of the step has the sample, `TRAIN` or `VALID`.
        """
        if self.cost is None or self.cost.target is None:
            return None
        architecture, cost = self.network.architecture, self.cost
        costs = costs_in_graph(architecture, cost.costs, alpha)
        drawn = self._drawn(role)
        expected = expected_cost(architecture, alpha, costs, cost.temperature, drawn)
        derived = tf.cast(costs.derived, expected.dtype)
        # The value of the derived network, with the gradient of the expectation.
        straight = expected + tf.stop_gradient(derived - expected)
        multiplier = self._multiplier and tf.convert_to_tensor(self._multiplier.value)
        return cost.value(straight / cost.target, multiplier)

    def _move_multiplier(self) -> None:
        """Lets the multiplier ascend, after a step of alpha."""
        if self._multiplier is None:
            return
        _, alpha = self._values()
        costs = costs_in_graph(self.network.architecture, self.cost.costs, alpha)
        moved = self._multiplier.moved(self.cost, costs.derived)
        self.replicas.assign([self._multiplier.value], [moved])

    def genotype(self) -> SavedGenotype:
        """Derives the genotype, within the cost's target where that is wanted."""
        architecture, cost = self.network.architecture, self.cost
        if cost is None or not cost.within:
            return architecture.genotype()
        return cost.costs.strongest_within(
            architecture.space,
            architecture.method.selection,
            architecture.strengths(),
            cost.target,
        )

    def cost_metrics(self) -> dict[str, float]:
        """Returns what is recorded of the cost, in the unit that a user reads.

        Returns:
            By name the cost of the derived network, the expected one, that of the
            mixture, and the multiplier if there is one; empty without a cost.
        """
        if self.cost is None:
            return {}
        architecture, costs = self.network.architecture, self.cost.costs
        genotype = self.genotype()
        by_edge = costs.by_edge(architecture.space, genotype)
        values = [tf.convert_to_tensor(variable) for variable in architecture.variables]
        expected = expected_cost(architecture, values, by_edge, self.cost.temperature)
        mixture = mixture_cost(architecture, values, by_edge)
        metrics = {
            DERIVED: costs.in_units(float(costs.of(genotype))),
            EXPECTED: costs.in_units(float(expected)),
            MIXTURE: costs.in_units(float(mixture)),
        }
        if self._multiplier:
            metrics[MULTIPLIER] = float(self._multiplier.value.numpy())
        return metrics
