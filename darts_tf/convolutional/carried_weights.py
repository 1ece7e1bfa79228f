"""What a search network takes over from one of the same cells with more operations.

The channels of the states are the same in both networks. Those that the operations get
may be more in the new one, where partial channels are a larger part: then kernels are
widened by copies of channels that they have (Net2Net, arXiv 1511.05641, as DrNAS does
it), without a change of scale.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import keras
import numpy as np

from darts_tf.convolutional.forms.edge_operations import EdgeOperations
from darts_tf.convolutional.mixed_op import MixedOp
from darts_tf.convolutional.search_cell import SearchCell
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.errors import invalid_value

# The array of each variable, by the variable's `id`.
ArraysById = Mapping[int, np.ndarray]
# Function of a side of a kernel, the number of its channels, and the number that is
# added, which returns the channels that the added ones copy. The side is a tuple of
# cell, row of alpha, layer within that of the edge, primitive, kernel, and "inputs" or
# "outputs".
Draw = Callable[[tuple, int, int], np.ndarray]

_NONE = np.zeros([0], int)


class Copied(NamedTuple):
    """The channels that the added ones of a kernel copy.

    Attributes:
        inputs: Those of its inputs; without any for a depthwise kernel.
        outputs: Those of its outputs, for a depthwise kernel its channels.
    """

    inputs: np.ndarray
    outputs: np.ndarray


class CarriedWeights:
    """From the arrays of one search network to those of another.

    Its rules are the same for weights and for what an optimizer keeps of them.

    Args:
        old: The network before, built.
        new: The one after, built, of the same skeleton. Each of its edges has some of
            the operations that it has in `old`.
        draw: Says which channels are copied; it is asked once for each kernel.

    Raises:
        ValueError: If `new` has other cells, or fewer channels.
    """

    def __init__(self, old: SearchNetwork, new: SearchNetwork, draw: Draw):
        if old.skeleton != new.skeleton:
            raise invalid_value("new", "a network of the same skeleton", new.skeleton)
        self.old, self.new = old, new
        self._old_edges, self._new_edges = _edges(old), _edges(new)
        self._copied = {
            place: _copied_of_edge(place, self._old_edges[place].mixed_op, to, draw)
            for place, (to, _) in self._new_edges.items()
        }

    def alphas(self, values: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Returns what belongs to the architecture parameters of the new network.

        Args:
            values: What belongs to those of the old one, in their order.
        """
        of_kinds = self.old.architecture.by_kind(values)
        carried = {}
        for cell, later in zip(self.old.space.cells, self.new.space.cells):
            columns = np.array(_columns(cell, later))
            for name, value in of_kinds[cell.kind].items():
                if value.shape == cell.alpha_shape:
                    value = np.take_along_axis(value, columns, axis=1)
                carried[cell.kind, name] = value
        variables = self.new.architecture.variables
        places = self.new.architecture.by_kind(range(len(variables)))
        ordered = {
            place: carried[kind, name]
            for kind, of_kind in places.items()
            for name, place in of_kind.items()
        }
        return [ordered[place] for place in range(len(variables))]

    def others(self, arrays: ArraysById) -> dict[int, np.ndarray]:
        """Returns what belongs to the other variables of the new network.

        Args:
            arrays: What belongs to those of the old one; where it lacks some, so does
                the result.
        """
        pairs = zip(_outside(self.old), _outside(self.new), strict=True)
        carried = {id(b): arrays[id(a)] for a, b in pairs if id(a) in arrays}
        for mixed_op, places in self._by_mixed_op().items():
            for variable, part in (
                (mixed_op.kernels, self._kernels),
                (mixed_op.moving_moments, self._moments),
            ):
                of_edges = [part(place, arrays) for place in places]
                if None not in of_edges:
                    carried[id(variable)] = _joined(mixed_op, variable, of_edges)
        return carried

    def _by_mixed_op(self):
        """The places of the edges of each mixed operation of the new network."""
        found = {}
        for place, (mixed_op, _) in self._new_edges.items():
            found.setdefault(mixed_op, []).append(place)
        return found

    def _kernels(self, place, arrays):
        """The kernels of an edge of the new network, by primitive and name."""
        mixed_op, target = self._old_edges[place]
        packed = arrays.get(id(mixed_op.kernels))
        if packed is None:
            return None
        named = mixed_op.named_kernels(packed)[target]
        return {
            key: widened(named[key], *copied)
            for key, copied in self._copied[place].items()
        }

    def _moments(self, place, arrays):
        """The statistics of an edge of the new network, by primitive and number."""
        mixed_op, target = self._old_edges[place]
        moments = arrays.get(id(mixed_op.moving_moments))
        if moments is None:
            return None
        named = _named_moments(mixed_op, moments)[target]
        later = self._new_edges[place].mixed_op.edge_type
        carried = {}
        for primitive, number, channels in _normalizations(later):
            of_old = named[primitive, number]
            copied = self._copied_statistics(place, primitive, number)
            added = channels - of_old.shape[1]
            if len(copied) != added:  # of a pool, or of two kernels side by side
                copied = np.arange(added) % of_old.shape[1]
            carried[primitive, number] = _extended(of_old, 1, copied)
        return carried

    def _copied_statistics(self, place, primitive, number):
        """Channels that added statistics copy: those of the kernel before them."""
        outputs = [
            copied.outputs
            for (name, _), copied in self._copied[place].items()
            if name == primitive and len(copied.inputs)
        ]
        return outputs[number] if number < len(outputs) else ()


def widened(kernel: np.ndarray, inputs: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """Appends copies of channels to a kernel, of inputs first and then of outputs.

    Args:
        kernel: In one of the shapes of `Kernel`.
        inputs, outputs: See `Copied`.
    """
    first, last = _axes(kernel.shape)
    # A full convolution of one channel has the same shape, but gets inputs as well.
    if _is_depthwise(kernel.shape) and not len(inputs):
        return _extended(kernel, first, outputs)
    return _extended(_extended(kernel, first, inputs), last, outputs)


def _extended(array, axis, copied):
    if not len(copied):
        return array
    return np.concatenate([array, np.take(array, copied, axis)], axis)


def _is_depthwise(shape):
    return len(shape) == 4 and shape[3] == 1


class _Edge(NamedTuple):
    mixed_op: MixedOp
    target: int


def _edges(network: SearchNetwork) -> dict[tuple[int, int, str], _Edge]:
    """Where the mixed operations of each edge are, by cell, row of alpha and layer."""
    found = {}
    for index, cell in enumerate(network.cells):
        if not isinstance(cell, SearchCell):
            continue
        for fan, layer in zip(cell.fans, cell.mixed_ops):
            for name, mixed_op in _mixed_ops(layer):
                for target, node in enumerate(fan.nodes):
                    row = cell.space.row(node, fan.source)
                    found[index, row, name] = _Edge(mixed_op, target)
    return found


def _mixed_ops(layer: keras.Layer) -> Iterator[tuple[str, MixedOp]]:
    """The `MixedOp`s in the layer of a fan: that of the space, and those beside it."""
    while not isinstance(layer, MixedOp):
        for name, part in sorted(vars(layer).items()):
            if isinstance(part, MixedOp) and name != "mixed_op":
                yield name, part
        layer = layer.mixed_op
    yield "mixed_op", layer


def _outside(network):
    """The variables of weights and statistics outside of mixed operations."""
    inside = {id(alpha) for alpha in network.alphas}
    if network.draws_noise:
        inside.add(id(network.seed_generator.state))
    for mixed_op, _ in _edges(network).values():
        inside |= {id(mixed_op.kernels), id(mixed_op.moving_moments)}
    return [variable for variable in network.variables if id(variable) not in inside]


def _columns(cell, later):
    """For each row of alpha where the later operations were."""
    return [
        [cell.operations_of(row).index(name) for name in later.operations_of(row)]
        for row in range(cell.num_edges)
    ]


def _copied_of_edge(place, old, new, draw):
    """The `Copied` of each kernel of an edge, by primitive and name.

    The inputs of a kernel after a depthwise one copy what its channels copy.
    """
    before = old.edge_type.packing.kernels
    found, depthwise = {}, {}
    for key, kernel in new.edge_type.packing.kernels.items():
        draws = _Draws((*place, *key), before[key].shape, kernel.shape, draw)
        first, last = _axes(kernel.shape)
        if _is_depthwise(kernel.shape):
            copied = draws.of("outputs", first)
            found[key] = Copied(_NONE, copied)
            depthwise[key[0]] = copied
            continue
        inputs = depthwise.pop(key[0], None)
        if inputs is None:
            inputs = draws.of("inputs", first)
        found[key] = Copied(inputs, draws.of("outputs", last))
    return found


class _Draws:
    """What is drawn for one kernel."""

    def __init__(self, place, old_shape, new_shape, draw):
        self.place, self.sizes, self.draw = place, old_shape, draw
        self.added = np.subtract(new_shape, old_shape)
        if self.added.min() < 0:
            expected = f"a network of no fewer channels: {old_shape} of {place}"
            raise invalid_value("new", expected, new_shape)

    def of(self, side, axis):
        if not self.added[axis]:
            return _NONE
        count = int(self.added[axis])
        return np.asarray(self.draw((*self.place, side), self.sizes[axis], count))


def _axes(shape):
    """The axes of the inputs and outputs of a kernel."""
    return (0, 1) if len(shape) == 2 else (2, 3)


def _normalizations(edge_type: EdgeOperations) -> Iterator[tuple[str, int, int]]:
    """Primitive, number and channels of each normalization, what is shared first."""
    for group in (edge_type.shared, edge_type.own):
        for name, primitive in group.values():
            sizes = primitive.normalized_channels(edge_type.channels, edge_type.stride)
            for number, channels in enumerate(sizes):
                yield name, number, channels


def _split(edge_type, moments, group):
    """The statistics of a group of primitives, by primitive and number."""
    names = {name for name, _ in group.values()}
    found, first = {}, 0
    for name, number, channels in _normalizations(edge_type):
        if name in names:
            found[name, number] = moments[:, first : first + channels]
            first += channels
    return found


def _named_moments(mixed_op, moments):
    """The statistics by primitive and number, a dictionary for each edge."""
    edge_type = mixed_op.edge_type
    parts = edge_type.split_moments(moments, mixed_op.num_targets)
    shared, *own = map(np.asarray, parts)
    of_all = _split(edge_type, shared, edge_type.shared)
    return [{**of_all, **_split(edge_type, x, edge_type.own)} for x in own]


def _joined(mixed_op, variable, of_edges):
    """The array of a variable of a mixed operation, of what its edges have."""
    edge_type = mixed_op.edge_type
    if variable is mixed_op.kernels:
        return np.stack([edge_type.packing.pack(edge) for edge in of_edges])
    shared = {name for name, _ in edge_type.shared.values()}
    parts = [x for key, x in of_edges[0].items() if key[0] in shared]
    for edge in of_edges:
        parts += [x for key, x in edge.items() if key[0] not in shared]
    return np.concatenate([np.zeros([2, 0]), *parts], axis=1)
