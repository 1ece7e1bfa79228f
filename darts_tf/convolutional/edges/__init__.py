"""How mixed operations can stand on the edges of a convolutional cell."""

from darts_tf.convolutional.edges.auxiliary_skip import AuxiliarySkip as AuxiliarySkip
from darts_tf.convolutional.edges.nested_edges import NestedEdges as NestedEdges
from darts_tf.convolutional.edges.partial_channels import (
    PartialChannels as PartialChannels,
)
from darts_tf.convolutional.edges.skip_dropout import SkipDropout as SkipDropout
