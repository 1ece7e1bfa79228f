"""Settings of the parts of a method that searches for images alone have."""

from typing import ClassVar

from darts_tf.convolutional.edges import (
    AuxiliarySkip,
    NestedEdges,
    PartialChannels,
    SkipDropout,
)
from darts_tf.convolutional.edges.auxiliary_skip import DECAYS
from darts_tf.errors import UserError
from darts_tf.experiments.method_settings import method_part
from darts_tf.experiments.search_settings import SearchSettings
from darts_tf.limits import MAX_CHANNELS, MAX_COUNT
from darts_tf.method.decisions import CRITERIA, Decisions, Projection
from darts_tf.method.freezing import Freezing
from darts_tf.method.slots import Edge


class ConvolutionalSearchSettings(SearchSettings):
    """Settings of searches for images.

    Raises:
        UserError: If parts do not fit together.
    """

    search_kind: ClassVar = "convolutional"

    partial_channels: int = method_part(
        1,
        "k, of a mixed operation that gets the first of k parts of the channels "
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
        "linear", "How that weight falls to 0.", choices=tuple(DECAYS)
    )
    skip_dropout: float = method_part(
        0.0,
        "Share of the values of a skip connection that is dropped in the first epoch "
        "(P-DARTS: 0.1, 0.4 and 0.7 in its stages).",
        least=0.0,
        most=0.99,
    )
    nesterov: bool = method_part(
        False, "Whether the momentum of w is Nesterov's (GDAS)."
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

    def _decisions(self) -> Decisions | None:
        if self.projection == "none":
            return super()._decisions()
        return Projection(self.epochs, self.projection_epochs, self.projection)

    def _freezing(self) -> Freezing | None:
        if not self.freezing_threshold:
            return None
        return Freezing(self.freezing_threshold, self.freezing_steps)

    def _edge(self) -> Edge:
        edges = []
        if self.skip_dropout:
            frozen = min(self.frozen_epochs, self.epochs)
            edges.append(SkipDropout(self.skip_dropout, frozen, self.epochs))
        if self.auxiliary_skip:
            skip = (self.auxiliary_skip, self.auxiliary_decay, self.epochs)
            edges.append(AuxiliarySkip(*skip))
        if self.partial_channels > 1 or self.edge_normalization:
            partial = (self.partial_channels, self.edge_normalization)
            edges.append(PartialChannels(*partial))
        if len(edges) > 1:
            return NestedEdges(tuple(edges))
        return edges[0] if edges else super()._edge()
