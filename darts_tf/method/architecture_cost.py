"""What the derived network costs, as a part of the loss of the architecture.

Let C(g) be the cost of the network that is derived with the genotype g, and c_eo what
the operation o adds to it on the edge e, in all cells of its kind. With k_eo, the
probability that o stands on e in the derived cell (`kept_operations`), the expected
cost is

    E(alpha) = C_0 + sum_eo k_eo(alpha) c_eo,

C_0 being the cost of everything else. It does not depend on w, so that a gradient of
any order is exact. A relaxation that draws its operations has the cost of its sample
instead: with the coefficients h_eo that were drawn,

    E(alpha) = C_0 + sum_e (sum_o k_eo) (sum_o h_eo c_eo).

The loss has the value of the derived network and the gradient of the expectation:
C(g(alpha)) + E - stop_gradient(E), over the target T. What many programs call the cost,
C_0 + sum_eo p_eo c_eo with the coefficients p, is that of the mixture of all operations
on all edges, which no derived network has; it is only recorded.
"""

import abc
import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from darts_tf.errors import invalid_value
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.method.architecture import Architecture
from darts_tf.method.multiplier import Multiplier
from darts_tf.method.slots import OPERATIONS, Selection
from darts_tf.space.search_space import SearchSpace

LAGRANGIAN, ABSOLUTE, POSITIVE, LINEAR, LOG = FORMS = (
    "lagrangian",
    "absolute",
    "positive",
    "linear",
    "log",
)


class EdgeCosts(NamedTuple):
    """What the network of a genotype costs, by its edges.

    Attributes:
        fixed: Cost of everything but the operations on edges.
        operations: By kind of cell what each operation costs on each edge, in all cells
            of the kind together, shape `(edges, operations)`.
    """

    fixed: float
    operations: Mapping[str, np.ndarray]

    def of(self, space: SearchSpace, genotype: SavedGenotype) -> float:
        """Returns the cost of a genotype, the sum over its edges.

        Args:
            space: The cells.
            genotype: A genotype of cells as wide as those that these costs are of.
        """
        total = float(self.fixed)
        for kind, cell in genotype.cells.items():
            of_kind, costs = space.of(kind), self.operations[kind]
            for node, edges in enumerate(cell.nodes):
                for edge in edges:
                    row = of_kind.row(node, edge.source)
                    names = of_kind.operations_of(row)
                    total += float(costs[row, names.index(edge.primitive)])
        return total


class GenotypeCosts(abc.ABC):
    """The costs of the genotypes of a search space, all in one unit.

    Attributes:
        unit: The unit in which a user reads them, and what it counts.
    """

    unit: str = ""

    @abc.abstractmethod
    def of(self, genotype: SavedGenotype) -> float:
        """Returns the cost of the network of a genotype."""

    def in_units(self, cost: float) -> float:
        """Returns a cost in the unit that a user reads; here it is in that already."""
        return cost

    @abc.abstractmethod
    def by_edge(self, space: SearchSpace, genotype: SavedGenotype) -> EdgeCosts:
        """Returns the `EdgeCosts` of the networks that are as wide as a genotype's.

        Args:
            space: The cells, of which each may have any in the place of its own.
            genotype: A genotype of the space.
        """

    @abc.abstractmethod
    def strongest_within(
        self,
        space: SearchSpace,
        selection: Selection,
        strengths: Mapping[str, np.ndarray],
        target: float,
    ) -> SavedGenotype:
        """Returns the genotype of the largest sum of strengths that costs no more.

        Where all cost more, as they may in a later stage with fewer operations, it is
        the strongest of the cheapest ones.

        Args:
            space: The search space.
            selection: What chooses the genotype where the target is met without it.
            strengths: Strengths of the operations by kind of cell.
            target: The largest cost.
        """


@dataclasses.dataclass(frozen=True)
class ArchitectureCost:
    """A target for the cost of the derived network, or what is recorded of it alone.

    Args:
        costs: `GenotypeCosts`.
        target: The cost T that is to be met, or `None`: then the loss has no part of
            it.
        form: What the loss has beside the validation loss, x being the cost over T:
            `"lagrangian"`, see `multiplier.py`; `"absolute"`, |x - 1|; `"positive"`,
            max(x - 1, 0); `"linear"`, x - 1; `"log"`, log x; the last four times the
            weight.
        weight: That weight.
        temperature: See `kept_operations`.
        steps: Number of steps of alpha in the whole search, from which the rate of the
            multiplier follows.
        within: Whether the genotype of the search is the strongest one that costs no
            more than the target, instead of the strongest one.

    Raises:
        ValueError: If an argument is malformed.
    """

    costs: GenotypeCosts
    target: float | None = None
    form: str = LAGRANGIAN
    weight: float = 1.0
    temperature: float = 0.05
    steps: int = 1000
    within: bool = False

    def __post_init__(self):
        if self.form not in FORMS:
            raise invalid_value("form", f"one of {', '.join(FORMS)}", self.form)
        positive = {"target": self.target, "temperature": self.temperature}
        for name, value in {**positive, "steps": self.steps}.items():
            if value is not None and not value > 0:
                raise invalid_value(name, "a number above 0", value)
        if self.within and self.target is None:
            raise invalid_value("within", "False where there is no target", True)

    @property
    def has_multiplier(self) -> bool:
        """Whether the loss has a multiplier that moves."""
        return self.target is not None and self.form == LAGRANGIAN

    def term(self, x: tf.Tensor, multiplier: Multiplier | None = None) -> tf.Tensor:
        """Returns what the loss has beside the validation loss.

        Args:
            x: The cost over the target, scalar.
            multiplier: The `Multiplier`, where there is one.
        """
        if multiplier is not None:
            return multiplier.term(x - 1)
        of_form = {
            ABSOLUTE: lambda: tf.abs(x - 1),
            POSITIVE: lambda: tf.nn.relu(x - 1),
            LINEAR: lambda: x - 1,
            LOG: lambda: tf.math.log(x),
        }[self.form]
        return self.weight * of_form()


class TensorCosts(NamedTuple):
    """Costs of the derived network as tensors of float64.

    Attributes:
        derived: Cost of the derived network, scalar.
        fixed, operations: See `EdgeCosts`.
    """

    derived: tf.Tensor
    fixed: tf.Tensor
    operations: Mapping[str, tf.Tensor]


def costs_in_graph(
    architecture: Architecture, costs: GenotypeCosts, values: Sequence[tf.Tensor]
) -> TensorCosts:
    """Derives the genotype of alpha in the midst of a graph, and returns its costs.

    No gradient goes through them.

    Args:
        architecture: The `Architecture`.
        costs: `GenotypeCosts`.
        values: Those of the architecture's variables.
    """
    space = architecture.space
    left = [tf.convert_to_tensor(x) for x in architecture.left.values()]

    def derive(*arrays):
        arrays, left = arrays[: len(values)], arrays[len(values) :]
        left = dict(zip(architecture.left, left, strict=True))
        strengths = architecture.strengths(architecture.by_kind(arrays), left)
        genotype = architecture.method.selection.genotype(space, strengths)
        found = costs.by_edge(space, genotype)
        numbers = map(np.float64, (found.of(space, genotype), found.fixed))
        tables = (found.operations[kind].astype(np.float64) for kind in space.kinds)
        return [*numbers, *tables]

    shapes = [(), (), *space.alpha_shapes().values()]
    types = [tf.float64] * len(shapes)
    found = tf.numpy_function(derive, [*values, *left], types)
    derived, fixed, *operations = map(tf.ensure_shape, found, shapes)
    return TensorCosts(derived, fixed, dict(zip(space.kinds, operations)))


def expected_cost(
    architecture: Architecture,
    values: Sequence[tf.Tensor],
    costs: EdgeCosts | TensorCosts,
    temperature: float,
    drawn: Mapping[str, Any] | None = None,
) -> tf.Tensor:
    """Returns the expected cost E of the derived network, a scalar.

    Args:
        architecture: The `Architecture`.
        values: Those of its variables.
        costs: `EdgeCosts`, as arrays or tensors.
        temperature: See `kept_operations`.
        drawn: What the method has drawn for the batch, or `None`.
    """
    method, sample = architecture.method, None
    if drawn is not None and method.relaxation.samples:
        sample = architecture.coefficients(values, drawn)
    total = tf.cast(costs.fixed, values[0].dtype)
    for kind, strengths in architecture.soft_strengths(values).items():
        space = architecture.space.of(kind)
        kept = method.selection.kept(space, strengths, temperature)
        if sample is not None:
            of_edges = tf.reduce_sum(kept, axis=1, keepdims=True)
            kept = of_edges * sample[kind][OPERATIONS]
        total += _sum(kept, costs.operations[kind])
    return total


def mixture_cost(
    architecture: Architecture, values: Sequence[tf.Tensor], costs: EdgeCosts
) -> tf.Tensor:
    """Returns the cost of the mixture of all operations on all edges, a scalar.

    Args:
        architecture, values, costs: See `expected_cost`.
    """
    total = tf.cast(costs.fixed, values[0].dtype)
    for kind, of_kind in architecture.coefficients(values).items():
        total += _sum(of_kind[OPERATIONS], costs.operations[kind])
    return total


def _sum(shares, costs):
    return tf.reduce_sum(shares * tf.cast(costs, shares.dtype))
