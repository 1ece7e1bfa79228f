"""Settings of several searches that differ in the target for the cost alone."""

from darts_tf.errors import SettingError, UserError
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.experiments.costs.cost_settings import NO_COST
from darts_tf.limits import MAX_COUNT
from darts_tf.settings import changed, setting, settings_of

_GROUP = "Front"


def name_of(target: float) -> str:
    """Returns what names the search for a target: its first six digits."""
    return f"{target:g}"


class FrontConfig(SearchConfig):
    """Settings of a front: those of a search, and the targets.

    Raises:
        UserError: If there is no cost, a target beside them, stages, or two targets
            differ in less than six digits, which name their folders.
    """

    targets: tuple[float, ...] = setting(
        (),
        "Targets for the cost, each of which has a search of its own from the same "
        "seed; in the unit of `cost_target`. At least one.",
        group=_GROUP,
        above=0.0,
    )
    random_cells: int = setting(
        20,
        "Number of random genotypes that are measured beside those of the searches.",
        group=_GROUP,
        least=0,
        most=MAX_COUNT,
    )
    front_batches: int | None = setting(
        10,
        "Validation batches on which each genotype is measured, the first ones; None "
        "for all.",
        group=_GROUP,
        least=1,
        most=MAX_COUNT,
    )
    cost: str = changed(SearchConfig, "cost", default="mult_adds")

    def __post_init__(self):
        super().__post_init__()
        if self.cost == NO_COST:
            raise UserError("`cost`=none has no front; give another one.")
        if self.cost_target is not None:
            raise UserError(
                f"`cost_target`={self.cost_target:g} is that of one search; give all "
                "of them as `targets`."
            )
        if len(set(map(name_of, self.targets))) < len(set(self.targets)):
            raise SettingError(
                "targets", self.targets, "numbers that differ in their first six digits"
            )
        if self.stage_epochs:
            raise UserError(
                "`stage_epochs` changes the network in which all genotypes are "
                "measured; leave it."
            )

    @property
    def has_target(self) -> bool:
        return True

    def search_config(self, target: float) -> SearchConfig:
        """Returns the settings of the search for a target.

        Args:
            target: The target, in the unit of the settings.
        """
        values = {name: getattr(self, name) for name in settings_of(SearchConfig)}
        return SearchConfig(**{**values, "cost_target": target})
