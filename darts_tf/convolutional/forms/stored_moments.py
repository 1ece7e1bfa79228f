"""The stored statistics of edges whose primitives are computed in several parts."""

from collections.abc import Sequence

import tensorflow as tf

from darts_tf.convolutional.forms.edge_operations import EdgeOperations


def parted(
    edge_type: EdgeOperations,
    num_targets: int,
    parts: Sequence[EdgeOperations],
    moments: tf.Tensor,
) -> list[tf.Tensor]:
    """Takes statistics apart.

    Args:
        edge_type: `EdgeOperations` of the edges.
        num_targets: Number of edges.
        parts: List of those with some of its primitives each.
        moments: The statistics, shape `(2, channels)`.

    Returns:
        List with those of each part, in its own order.
    """
    pieces = _pieces(edge_type, moments, num_targets)
    return [
        _joined([pieces[place] for place in _sizes(part, num_targets)], moments)
        for part in parts
    ]


def joined(
    edge_type: EdgeOperations,
    num_targets: int,
    parts: Sequence[EdgeOperations],
    moments: Sequence[tf.Tensor],
) -> tf.Tensor:
    """The inverse of `parted`."""
    pieces = {}
    for part, of_part in zip(parts, moments):
        pieces |= _pieces(part, of_part, num_targets)
    return tf.concat([pieces[place] for place in _sizes(edge_type, num_targets)], 1)


def _joined(pieces, moments):
    return tf.concat(pieces, 1) if pieces else moments[:, :0]


def _pieces(edge_type, moments, num_targets):
    sizes = _sizes(edge_type, num_targets)
    if not sizes:
        return {}
    return dict(zip(sizes, tf.split(moments, [*sizes.values()], axis=1)))


def _sizes(edge_type, num_targets):
    """Number of channels by edge, `None` for what is shared, and column, in order."""
    places = [(None, column) for column in edge_type.shared]
    places += [(edge, col) for edge in range(num_targets) for col in edge_type.own]
    channels = {
        column: sum(edge_type.normalized_channels(primitive))
        for column, (_, primitive) in edge_type.all.items()
    }
    return {(edge, column): channels[column] for edge, column in places}
