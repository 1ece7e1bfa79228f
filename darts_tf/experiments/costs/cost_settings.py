"""Settings of the cost of the network that a search derives."""

from typing import Any, NamedTuple

from darts_tf.convolutional.network_cost import network_cost
from darts_tf.convolutional.skeleton import darts_skeleton
from darts_tf.costs.latency.table import checksum_of_table
from darts_tf.costs.network_parts import DerivedNetwork
from darts_tf.costs.registry import LATENCY, cost_names, make_cost
from darts_tf.costs.space_costs import SpaceCosts
from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_evaluation.config import CIFAR10, IMAGENET
from darts_tf.experiments.space_settings import SpaceSettings
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.limits import MAX_CELLS, MAX_CHANNELS, MAX_IMAGE_SIZE
from darts_tf.method.architecture_cost import FORMS, LAGRANGIAN
from darts_tf.method.slots import Selection
from darts_tf.settings import setting
from darts_tf.space.motif_space import MotifSpace
from darts_tf.space.search_space import SearchSpace

_GROUP = "Cost of the derived network"
NO_COST = "none"


def _part(default: Any, help: str, **more: Any) -> Any:
    return setting(default, help, group=_GROUP, added=True, **more)


class CostSettings(SpaceSettings):
    """Settings of what the derived network may cost.

    Raises:
        UserError: If there is a target for no cost, or no table for a latency.
    """

    cost: str = _part(
        NO_COST,
        "Cost of the network that is trained with the cells of the search and then "
        "serves: mult_adds or moved_bytes for one image, or weights, in millions; "
        "latency for one image in milliseconds, by a `latency_table`; none: it is not "
        "computed.",
        choices=(NO_COST, *cost_names()),
    )
    latency_table: str | None = _part(
        None,
        "Table that trainers.measure_latency has written, of that network in the "
        "runtime that will serve it; default is none.",
    )
    cost_target: float | None = _part(
        None,
        "Largest cost, in millions or milliseconds; default is none: the cost is only "
        "recorded.",
        above=0.0,
    )
    eval_layers: int | None = _part(
        None,
        "Number of cells of that network; default is that of a training with these "
        "data and this space (paper: 20, and 14 for ImageNet).",
        least=1,
        most=MAX_CELLS,
    )
    eval_init_channels: int | None = _part(
        None,
        "Channels of its first cells; default is as for `eval_layers` (paper: 36, and "
        "48 for ImageNet).",
        least=2,
        most=MAX_CHANNELS,
    )
    eval_image_size: int | None = _part(
        None,
        "Height and width of its images in pixels; default is that of the images of "
        "the search, and 224 for ImageNet.",
        least=4,
        most=MAX_IMAGE_SIZE,
    )

    def __post_init__(self):
        super().__post_init__()
        if self.cost_target is not None and self.cost == NO_COST:
            raise UserError(
                f"`cost_target`={self.cost_target:g} is of no cost; give `cost` as "
                f"well, one of {', '.join(cost_names())}."
            )
        if (self.cost == LATENCY) != (self.latency_table is not None):
            raise UserError(
                f"`cost={LATENCY}` and `latency_table` need each other; give both, or "
                "neither. The table is what `python -m trainers.measure_latency` "
                "writes."
            )

    def space_costs(
        self, image_shape: tuple[int, int, int], num_classes: int
    ) -> SpaceCosts | None:
        """Returns what the derived networks cost, or `None` if nobody asks.

        Args:
            image_shape: Height, width and channels of the images of the search.
            num_classes: Number of their classes.

        Raises:
            UserError: If there is no such network, or no such table.
        """
        if self.cost == NO_COST:
            return None
        network = self._derived_network(tuple(image_shape), num_classes)
        return SpaceCosts(network, make_cost(self.cost, self.latency_table))

    def latency_fingerprint(self) -> dict[str, int]:
        """What tells the table of latencies from others; empty without one.

        Raises:
            UserError: If it cannot be read.
        """
        if self.latency_table is None:
            return {}
        return {"checksum of `latency_table`": checksum_of_table(self.latency_table)}

    def target_in_counts(self, costs: SpaceCosts) -> float | None:
        """Returns the target as `costs` count, or `None` if there is none."""
        if self.cost_target is None:
            return None
        return self.cost_target * costs.model.per_unit

    def check_target(
        self, costs: SpaceCosts, space: SearchSpace, selection: Selection
    ) -> None:
        """Raises a `UserError` for a target that no genotype meets.

        Args:
            costs: Those of the derived networks.
            space: The search space.
            selection: What chooses genotypes.
        """
        target = self.target_in_counts(costs)
        # Of motifs nobody knows the cheapest.
        if target is None or isinstance(space, MotifSpace):
            return
        least, most = map(costs.in_units, costs.attainable(space, selection))
        if costs.in_units(target) < least:
            network, layers, channels = costs.network, *self._sizes()
            height, width, _ = network.image_shape
            raise UserError(
                f"`cost_target`={self.cost_target:g}: the networks of `space`="
                f"{self.space} with `eval_layers`={layers}, `eval_init_channels`="
                f"{channels} and images of {height} x {width} pixels have from "
                f"{least:.6g} to {most:.6g} {costs.unit}; give a target in this range."
            )

    def _sizes(self):
        """Numbers of cells and of channels of the derived network."""
        own, usual = self.named_space().training, self._usual
        layers = self.eval_layers or own.get("layers", usual.layers)
        channels = own.get("init_channels", usual.init_channels)
        return layers, self.eval_init_channels or channels

    @property
    def _usual(self):
        """The settings of the paper's training on these data."""
        return IMAGENET if self.dataset == IMAGENET.dataset else CIFAR10

    def _derived_network(self, image_shape, num_classes):
        space, usual = self.named_space(), self._usual
        try:
            skeleton = space.skeleton(*self._sizes(), usual.stem)
        except ValueError as error:
            raise UserError(
                f"`space`={self.space} has no network for `dataset`={self.dataset}, "
                "so that there is no `cost` of one."
            ) from error
        skeleton = skeleton or darts_skeleton(*self._sizes(), usual.stem)
        size = self.eval_image_size or usual.image_size
        height, width, channels = image_shape
        height, width = (size, size) if size else (height, width)
        halvings = skeleton.halvings(len(skeleton.cells) - 1)
        if min(height, width) < 2**halvings:
            raise UserError(
                f"Images of {height} x {width} pixels are too small for the network "
                f"whose `cost` is asked for; give `eval_image_size`={2**halvings} or "
                "more."
            )
        return DerivedNetwork(space, skeleton, (height, width, channels), num_classes)


class SearchCostSettings(CostSettings):
    """Settings of how a search by gradient comes to a cost.

    Raises:
        UserError: If there is a target for no cost, or no target to choose within.
    """

    cost_form: str = _part(
        LAGRANGIAN,
        "Part of alpha's loss, x being the cost over `cost_target`. lagrangian: x - 1 "
        "times a multiplier that grows while x is above 1, and half of its square; "
        "absolute: |x - 1|; positive: x - 1 above 1; linear: x - 1; log: log x.",
        choices=FORMS,
    )
    cost_weight: float = _part(
        1.0, "Weight of that part; lagrangian needs none.", least=0.0
    )
    cost_temperature: float = _part(
        0.05,
        "Temperature, in units of the strengths, of the random choice of edges and "
        "operations whose expected cost gives the gradient; at 0 that would be the "
        "derived cell alone.",
        least=1e-4,
        most=100.0,
    )
    select_within_target: bool = _part(
        False,
        "Whether the genotype is the strongest one within `cost_target`, not the "
        "strongest of all.",
    )

    verify_latency: bool = _part(
        False,
        "Whether in the end the derived network is exported to the runtime of "
        "`latency_table`, and timed.",
    )

    def __post_init__(self):
        super().__post_init__()
        if self.verify_latency and self.cost != LATENCY:
            raise UserError(
                f"`verify_latency` needs a table to compare with; give `cost={LATENCY}`"
                " and `latency_table`."
            )
        if self.select_within_target and not self.has_target:
            raise UserError("`select_within_target` needs a `cost_target`; give one.")

    @property
    def has_target(self) -> bool:
        """Whether there is a target, or one for each of several searches."""
        return self.cost_target is not None


class CheckedCost(NamedTuple):
    """What a derived network costs that has been built.

    Attributes:
        cost: The cost, in the unit that a user reads.
        target: The target, or `None`.
        unit: That unit, in words.
        weights: Number of trained weights.
        multiply_adds: Mult-adds for one image.
    """

    cost: float
    target: float | None
    unit: str
    weights: int
    multiply_adds: int

    def __str__(self):
        target = "no target" if self.target is None else f"target {self.target:.6g}"
        return (
            f"The derived network has {self.cost:.6g} {self.unit} ({target}): "
            f"{self.weights:,} weights, {self.multiply_adds:,} mult-adds."
        )


def checked_cost(
    costs: SpaceCosts, genotype: SavedGenotype, target: float | None
) -> CheckedCost:
    """Builds the network of a genotype, and counts.

    Args:
        costs: By which the search went.
        genotype: What it has found.
        target: Its target, in the unit that a user reads, or `None`.
    """
    built = network_cost(costs.network.built(genotype))
    cost = costs.in_units(costs.of(genotype))
    return CheckedCost(cost, target, costs.unit, built.weights, built.multiply_adds)
