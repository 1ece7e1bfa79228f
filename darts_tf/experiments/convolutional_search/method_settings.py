"""Settings of the parts of a method that searches for images alone have."""

from itertools import pairwise
from typing import ClassVar

from darts_tf.convolutional.edges import (
    AuxiliarySkip,
    NestedEdges,
    PartialChannels,
    SkipDropout,
)
from darts_tf.convolutional.edges.auxiliary_skip import DECAYS
from darts_tf.convolutional.stages import FewerOperations
from darts_tf.errors import UserError
from darts_tf.experiments.methods.settings import method_part
from darts_tf.experiments.search_settings import SearchSettings
from darts_tf.limits import MAX_CELLS, MAX_CHANNELS, MAX_COUNT
from darts_tf.method.decisions import CRITERIA, Decisions, Projection
from darts_tf.method.freezing import MEASURES, VALID, Freezing
from darts_tf.method.schedule import Stage
from darts_tf.method.slots import Edge


class ConvolutionalSearchSettings(SearchSettings):
    """Settings of searches for images.

    Raises:
        UserError: If parts do not fit together.
    """

    search_kind: ClassVar = "convolutional"

    partial_channels: int = method_part(
        1,
        "Number of parts of the channels, of which a mixed operation gets the first "
        "(PC-DARTS: 4).",
        least=1,
        most=MAX_CHANNELS,
    )
    edge_normalization: bool = method_part(
        False,
        "Whether the edges into a node are weighed, by the softmax of parameters of "
        "their own (PC-DARTS).",
    )
    auxiliary_skip: float = method_part(
        0.0,
        "First weight of a skip connection beside each mixed operation (DARTS-: 1).",
        least=0.0,
    )
    auxiliary_decay: str = method_part(
        "linear",
        "Course of that weight over the epochs: constant, or down to 0.",
        choices=tuple(DECAYS),
    )
    skip_dropout: float = method_part(
        0.0,
        "Share of the values of a skip connection that is dropped in the first epoch, "
        "and in that of a stage (P-DARTS: 0.1, 0.4 and 0.7 in its stages).",
        least=0.0,
        most=0.99,
    )
    nesterov: bool = method_part(
        False, "Whether the momentum of w is Nesterov's (GDAS)."
    )
    stage_epochs: tuple[int, ...] = method_part(
        (),
        "Numbers of epochs after which a new stage, with another network, begins "
        "(P-DARTS: 25,50). The other settings of stages say what changes; each has one "
        "value for each stage, or none.",
        least=1,
        most=MAX_COUNT,
    )
    stage_operations: tuple[int, ...] = method_part(
        (),
        "Operations that each edge keeps in each stage, its strongest ones (P-DARTS: "
        "5,3); by default all.",
        least=2,
        most=1000,
    )
    stage_layers: tuple[int, ...] = method_part(
        (),
        "Cells of each stage (P-DARTS: 11,17), by default as before.",
        least=1,
        most=MAX_CELLS,
    )
    stage_partial_channels: tuple[int, ...] = method_part(
        (),
        "Parts of the channels in each stage, as `partial_channels` (DrNAS: 4); by "
        "default as before.",
        least=1,
        most=MAX_CHANNELS,
    )
    stage_skip_dropout: tuple[float, ...] = method_part(
        (),
        "Share that is dropped in each stage, as `skip_dropout` (P-DARTS: 0.4,0.7); by "
        "default as before.",
        least=0.0,
        most=0.99,
    )
    stage_carries: bool = method_part(
        False,
        "Whether a stage begins with the weights and the alpha of the network before "
        "(DrNAS), or anew.",
    )
    stage_learning_rate: bool = method_part(
        False, "Whether the learning rate of w begins anew in each stage (P-DARTS)."
    )
    freezing_threshold: float = method_part(
        0.0,
        "Mean cosine of the gradients of both losses below which the weights of an "
        "operation stand still for good, since they overfit (OLES: 0.4); 0 for never.",
        least=0.0,
        most=1.0,
    )
    freezing_steps: int = method_part(
        20, "Steps over which that mean is taken.", least=1, most=MAX_COUNT
    )
    freezing_measure: str = method_part(
        VALID,
        "Gradient with which the training gradient is compared: valid, that of the "
        "validation loss (the paper of OLES); sum, of both losses (about its program, "
        "whose cosines are larger).",
        choices=MEASURES,
    )
    projection: str = method_part(
        "none",
        "After `epochs`, further ones in which the network decides on one edge after "
        "the other by what is missed most without it (DARTS-PT): the accuracy, or the "
        "loss, on the validation half.",
        choices=("none", *CRITERIA),
    )
    projection_epochs: int = method_part(
        5,
        "Epochs from one decision of each kind of cell to the next.",
        least=1,
        most=MAX_COUNT,
    )
    projection_learning_rate: float = method_part(
        0.0025,
        "Learning rate of the weights w at the first decision; it ends, by a cosine of "
        "its own, at `learning_rate_min`.",
        least=0.0,
    )

    def __post_init__(self):
        super().__post_init__()
        if self.projection == "none":
            return
        for name, neutral in (("partial_channels", 1), ("auxiliary_skip", 0.0)):
            if getattr(self, name) != neutral:
                raise UserError(
                    f"`projection`={self.projection} removes whole edges, on which "
                    f"`{name}` would still pass something; leave one of them."
                )
        if self.pruning_threshold:
            raise UserError(
                "`projection` and `pruning_threshold` both decide on the operations of "
                "an edge; leave one of them."
            )

    def epochs_of_stages(self) -> list[tuple[int, int]]:
        """Returns the first epoch of each part of the search, and the one after it.

        They are counted from 0. Stages after the end of the search are left out.
        """
        firsts = [0, *(first for first in self.stage_epochs if first < self.epochs)]
        return list(zip(firsts, [*firsts[1:], self.epochs]))

    def _decisions(self) -> Decisions | None:
        if self.projection == "none":
            return super()._decisions()
        return Projection(self.epochs, self.projection_epochs, self.projection)

    def _freezing(self) -> Freezing | None:
        if not self.freezing_threshold:
            return None
        return Freezing(
            self.freezing_threshold, self.freezing_steps, self.freezing_measure
        )

    def _edge(self) -> Edge:
        share, rate = self.partial_channels, self.skip_dropout
        return self._edge_of(share, rate, *self.epochs_of_stages()[0])

    def _stages(self) -> tuple[Stage, ...]:
        self._check_stages()
        stages = []
        for number, (first, last) in enumerate(self.epochs_of_stages()[1:]):
            share = self._of_stage("partial_channels", number)
            rate = self._of_stage("skip_dropout", number)
            stage = FewerOperations(
                first,
                self.stage_operations[number] if self.stage_operations else None,
                self.stage_layers[number] if self.stage_layers else None,
                self._edge_of(share, rate, first, last),
                self.stage_carries,
                self.seed,
            )
            stages.append(stage)
        return tuple(stages)

    def _check_stages(self):
        for name in _OF_STAGES:
            count, expected = len(getattr(self, name)), len(self.stage_epochs)
            if count not in (0, expected):
                raise UserError(
                    f"`{name}` has {count} values for {expected} of `stage_epochs`."
                )
        for name, rises in (("stage_epochs", True), ("stage_operations", False)):
            values = getattr(self, name)
            if any((b - a) * (1 if rises else -1) <= 0 for a, b in pairwise(values)):
                words = "rise" if rises else "fall"
                raise UserError(f"`{name}`={_joined(values)} must {words}.")
        if self.stage_carries and self.stage_layers:
            raise UserError(
                "`stage_layers` makes another network, for which `stage_carries` has "
                "no weights; leave one of them."
            )
        shares = (self.partial_channels, *self.stage_partial_channels)
        if self.stage_carries and any(a < b for a, b in pairwise(shares)):
            raise UserError(
                f"`stage_partial_channels`={_joined(shares[1:])} must not be above "
                "those before where `stage_carries`."
            )

    def _of_stage(self, name, number):
        values = getattr(self, f"stage_{name}")
        return values[number] if values else getattr(self, name)

    def _edge_of(self, share, rate, first, last):
        """The edge of a part of the search, from its first to its last epoch."""
        edges = []
        if rate:
            frozen = min(self.frozen_epochs, last - first)
            edges.append(SkipDropout(rate, frozen, last - first, first))
        if self.auxiliary_skip:
            skip = (self.auxiliary_skip, self.auxiliary_decay, self.epochs)
            edges.append(AuxiliarySkip(*skip))
        if share > 1 or self.edge_normalization:
            edges.append(PartialChannels(share, self.edge_normalization))
        if len(edges) > 1:
            return NestedEdges(tuple(edges))
        return edges[0] if edges else super()._edge()


def _joined(values):
    return ",".join(map(str, values))


_OF_STAGES = (
    "stage_operations",
    "stage_layers",
    "stage_partial_channels",
    "stage_skip_dropout",
)
