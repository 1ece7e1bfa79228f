"""The part of a search that knows what its derived network costs."""

from collections.abc import Sequence

import tensorflow as tf

from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.method.architecture_cost import (
    ArchitectureCost,
    costs_in_graph,
    expected_cost,
    mixture_cost,
)
from darts_tf.method.multiplier import Multiplier

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
        self.cost, self._multiplier = cost, None
        if cost is not None and cost.has_multiplier:
            self._multiplier = Multiplier(cost.steps)

    @property
    def cost_columns(self) -> tuple[str, ...]:
        """Names of what `cost_metrics` returns."""
        if self.cost is None:
            return ()
        return COST_COLUMNS if self._multiplier else COST_COLUMNS[:-1]

    @property
    def cost_variables(self) -> list:
        """The Keras variables that a checkpoint holds for the cost."""
        return self._multiplier.variables if self._multiplier else []

    def continue_cost(self, before: "CostedSearch") -> None:
        """Takes over what the multiplier of the stage before has come to."""
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
        return cost.term(straight / cost.target, self._multiplier)

    def _follow_target(self, before: Sequence[tf.Tensor]) -> None:
        """Shortens a step of alpha near the target, and lets the multiplier ascend.

        Args:
            before: The architecture's values before the step.
        """
        if self._multiplier is None:
            return
        architecture, multiplier = self.network.architecture, self._multiplier
        after = map(tf.convert_to_tensor, architecture.variables)
        rest = 1 - multiplier.share_of_step()
        alpha = [x - tf.cast(rest, x.dtype) * (x - y) for x, y in zip(after, before)]
        costs = costs_in_graph(architecture, self.cost.costs, alpha)
        ascended = multiplier.ascended(costs.derived / self.cost.target - 1)
        self.replicas.assign(
            [*architecture.variables, *multiplier.variables], [*alpha, *ascended]
        )

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
