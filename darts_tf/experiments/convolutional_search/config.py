"""Settings of a convolutional search, with the paper's values as defaults."""

from typing import Any

from darts_tf.convolutional.forms.form import AUTO, EDGES, FORMS
from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_search.method_settings import (
    ConvolutionalSearchSettings,
)
from darts_tf.experiments.costs.cost_settings import SearchCostSettings
from darts_tf.experiments.image_data import ImageData
from darts_tf.experiments.image_settings import ImageSettings
from darts_tf.experiments.searched_cells import SearchedCellsSettings
from darts_tf.experiments.space_settings import space_of
from darts_tf.formats.format import check_packages
from darts_tf.limits import MAX_IMAGE_SIZE
from darts_tf.method.architecture_cost import ArchitectureCost
from darts_tf.method.decisions import projection_epochs
from darts_tf.optimization.schedules import cosine
from darts_tf.settings import changed, setting


class SearchConfig(
    ImageSettings,
    ConvolutionalSearchSettings,
    SearchedCellsSettings,
    SearchCostSettings,
):
    """Settings of a search (paper, section 3.1.1 and appendix A.1.1)."""

    crop_padding: int | None = setting(
        None,
        "Pixels added around an image before a random crop; default is an eighth of "
        "the image size (4 for CIFAR-10).",
        group="Data",
        least=0,
        most=MAX_IMAGE_SIZE // 2,
    )
    cutout_length: int = changed(
        ImageSettings,
        "cutout_length",
        default=16,
        help="Side of the erased square in pixels.",
    )
    validation_steps: int | None = changed(
        ImageSettings,
        "validation_steps",
        help="Batches of the validation after an epoch; default is as many as "
        "`steps_per_epoch`, or all.",
    )
    learning_rate_min: float = changed(
        ImageSettings, "learning_rate_min", default=0.001
    )
    form: str = setting(
        AUTO,
        "Form in which the search network computes. edges: each edge by itself, the "
        "fastest on a CPU; grouped: all edges from a state at once, compiled by XLA, "
        "for GPUs; auto: grouped where there is a GPU. Results are the same but for "
        "rounding.",
        group="Computation",
        choices=(AUTO, *FORMS),
        added=True,
        formerly=EDGES,
    )
    sync_batch_norm: bool = changed(ImageSettings, "sync_batch_norm", default=True)
    seed: int = changed(ImageSettings, "seed", default=2)

    def __post_init__(self):
        super().__post_init__()
        self._check_shares()
        rate = self.projection_learning_rate
        if self.projection != "none" and self.learning_rate_min > rate:
            raise UserError(
                f"`learning_rate_min`={self.learning_rate_min} is above "
                f"`projection_learning_rate`={rate}; it must not be."
            )
        if self.select_within_target and self.selection.startswith("threshold"):
            raise UserError(
                f"`select_within_target` chooses between genotypes, which `selection`="
                f"{self.selection} does not; leave one of them."
            )
        if self.cost_target is not None and self.jit_compile:
            raise UserError(
                "`jit_compile` has XLA compile whole steps, and XLA calls no Python, "
                "which derives the cells for `cost_target` in each step; leave "
                "`jit_compile` out."
            )
        if self.projection != "none" and self.stage_epochs:
            raise UserError(
                "`projection` decides on the network of the whole search, which "
                "`stage_epochs` changes; leave one of them."
            )

    def _check_shares(self):
        for name in ("partial_channels", "stage_partial_channels"):
            shares = getattr(self, name)
            for share in shares if isinstance(shares, tuple) else (shares,):
                if self.init_channels % share:
                    raise UserError(
                        f"`{name}`={share} must divide "
                        f"`init_channels`={self.init_channels}."
                    )

    @classmethod
    def defaults_with(cls, values: dict[str, Any]) -> dict[str, Any]:
        follow, space = super().defaults_with(values), space_of(values)
        if space is None:
            return follow
        own = {} if space.takes_primitives else {"primitives": space.primitives}
        if space.auxiliary_skip:
            own |= {"auxiliary_skip": 1.0, "auxiliary_decay": "constant"}
        if space.keeps_all_edges:
            own["selection"] = "strongest"
        return {**follow, **space.search, **own}

    def check_selection(self) -> None:
        """Refuses a choice of edges in a space that keeps all.

        Raises:
            UserError: If there is one, or no such space.
        """
        if self.named_space().keeps_all_edges and self.selection != "strongest":
            raise UserError(
                f"`selection`={self.selection} chooses between edges, but `space`="
                f"{self.space} keeps all of them; give `selection=strongest`."
            )

    def check_primitives(self) -> None:
        """Imports the modules that register primitives, and looks all names up.

        Raises:
            UserError: If a module, a primitive or the space is missing, a primitive is
                named twice, or the space has no such cells.
        """
        space = self.checked_space()
        self.check_decisions("primitives", space)
        if self.stage_layers and self.named_space().make_skeleton:
            raise UserError(
                f"`stage_layers` is for the network of DARTS; that of `space`="
                f"{self.space} is another."
            )
        for count in self.stage_operations[:1]:
            most = min(columns for _, columns in space.alpha_shapes().values())
            if count > most:
                raise UserError(
                    f"`stage_operations`={count} must be at most {most}, the number "
                    "of operations on an edge."
                )

    def architecture_cost(self, data: ImageData) -> ArchitectureCost | None:
        """Returns the cost of the derived network and its target, or `None`.

        Args:
            data: The images that it is for.

        Raises:
            UserError: If there is no such network, or none meets the target.
        """
        costs = self.space_costs(data.image_shape, len(data.class_names))
        if costs is None:
            return None
        if self.verify_latency:
            check_packages("latency_table", costs.model.runtime)
        schedule = self.search_method().schedule
        moving = sum(map(schedule.moves_architecture, range(self.epochs)))
        self.check_target(costs, self.search_space(), self.search_method().selection)
        return ArchitectureCost(
            costs,
            self.target_in_counts(costs),
            self.cost_form,
            self.cost_weight,
            self.cost_temperature,
            max(1, moving * data.steps_per_epoch),
            self.select_within_target,
        )

    def learning_rate_at(self, epoch: int) -> float:
        """Learning rate of w in an epoch, counted from 0; constant within it."""
        first, last, highest = 0, self.epochs, self.learning_rate
        if epoch >= self.epochs and self.projection != "none":
            first, last = self.epochs, self.total_epochs
            highest = self.projection_learning_rate
        elif self.stage_learning_rate:
            parts = self.epochs_of_stages()
            first, last = next(part for part in reversed(parts) if part[0] <= epoch)
        return cosine(highest, self.learning_rate_min, epoch - first, last - first)

    @property
    def total_epochs(self) -> int:
        """Number of epochs of the run: of the search, and of the projection."""
        if self.projection == "none":
            return self.epochs
        space = self.search_space()
        return self.epochs + projection_epochs(space, self.projection_epochs)
