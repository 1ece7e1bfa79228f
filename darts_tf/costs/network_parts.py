"""The parts of which the network of a genotype is made, without building it."""

import dataclasses
import functools
from collections.abc import Iterable
from typing import NamedTuple

from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.convolutional.input_rules import (
    ENAS,
    IDENTITY,
    NASNET,
    REDUCTION,
)
from darts_tf.convolutional.input_rules import (
    PREPROCESS as PREPROCESS_RULE,
)
from darts_tf.convolutional.skeleton import (
    RESIDUAL as RESIDUAL_KIND,
)
from darts_tf.convolutional.skeleton import Skeleton
from darts_tf.costs.cost_model import (
    CALL,
    CLASSIFIER,
    LAST_NORMALIZATION,
    OPERATION,
    OUTPUT,
    PREPROCESS,
    RESIDUAL,
    STEM,
    NetworkPart,
    Shape,
)
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.space.topology import SKIP
from darts_tf.spaces.named_space import NamedSpace


@dataclasses.dataclass(frozen=True)
class CellPlace:
    """Where a cell stands in a network, and what its edges compute there.

    Attributes:
        kind: Which cell of the genotype it is.
        channels: Number of channels of its states.
        stride: 1, or 2 if its edges from the inputs halve height and width.
        inputs: Shape of the state that each of its inputs becomes.
    """

    kind: str
    channels: int
    stride: int
    inputs: tuple[Shape, ...]

    def operation(self, primitive: str, source: int) -> NetworkPart:
        """Returns the part that an operation on an edge is.

        Args:
            primitive: Name of the operation.
            source: The state that the edge leaves.
        """
        if source < len(self.inputs):
            height, width, inputs = self.inputs[source]
            stride = self.stride
        else:
            height, width, _ = _strided(self.inputs[-1], self.stride, self.channels)
            inputs, stride = self.channels, 1
        sizes = (stride, inputs, self.channels, height, width)
        return NetworkPart(OPERATION, primitive, *sizes)

    def converted(self, cell: Cell) -> Iterable[NetworkPart]:
        """Returns what makes the inputs among the outputs of a cell like its nodes."""
        for state in cell.outputs:
            if state < len(self.inputs):
                part = self.operation(SKIP, state)
                if part.stride == 2 or part.inputs != part.channels:
                    yield part


class Layout(NamedTuple):
    """What is the same in the networks of all genotypes with outputs of one width.

    Attributes:
        fixed: The parts beside the operations of the cells.
        places: The `CellPlace` of each cell.
    """

    fixed: tuple[NetworkPart, ...]
    places: tuple[CellPlace, ...]


class CellWidth(NamedTuple):
    """What a network's layout depends on in a cell.

    Attributes:
        num_inputs: Number of input states.
        outputs: Number of the states that are concatenated to the output.
    """

    num_inputs: int
    outputs: int


# Of each kind of cell.
Widths = tuple[tuple[str, CellWidth], ...]


@dataclasses.dataclass(frozen=True, eq=False)
class DerivedNetwork:
    """The network in which the cells of a search are trained and serve.

    Args:
        space: `NamedSpace` of the search, which says what is trained for a genotype.
        skeleton: Its `Skeleton`.
        image_shape: Height, width and channels of an image.
        num_classes: Number of classes.

    There is no auxiliary head, which is gone after the training.
    """

    space: NamedSpace
    skeleton: Skeleton
    image_shape: Shape
    num_classes: int

    def parts(self, genotype: SavedGenotype) -> list[NetworkPart]:
        """Returns all parts of a genotype's network, each as often as it comes.

        Args:
            genotype: What a search has found.
        """
        genotype = self.space.trained_genotype(genotype)
        layout = self.layout_of(widths_of(genotype))
        parts = list(layout.fixed)
        for place in layout.places:
            cell = cell_of_kind(genotype, place.kind)
            parts += [place.operation(x.primitive, x.source) for x in cell.edges]
            parts += place.converted(cell)
        return parts

    def built(self, genotype: SavedGenotype) -> EvaluationNetwork:
        """Builds the network of a genotype, with new weights.

        Args:
            genotype: What a search has found.
        """
        network = EvaluationNetwork(
            self.space.trained_genotype(genotype),
            num_classes=self.num_classes,
            auxiliary=False,
            skeleton=self.skeleton,
        )
        network.build((None, *self.image_shape))
        return network

    def layout_of(self, widths: Widths) -> Layout:
        """Returns the `Layout` of the networks of cells of some widths."""
        return _layout(self.skeleton, self.image_shape, self.num_classes, widths)


def widths_of(genotype: SavedGenotype) -> Widths:
    """Returns the width of each kind of cell of a genotype."""
    return tuple((kind, _width(cell)) for kind, cell in genotype.cells.items())


def cell_of_kind(genotype: SavedGenotype, kind: str) -> Cell:
    """Returns the cell that stands in a place; a single one stands in all."""
    return genotype.cells[known_kind(genotype.cells, kind)]


def known_kind(kinds: Iterable[str], kind: str) -> str:
    """Returns which of some kinds of cells stands in the place of a kind."""
    kinds = tuple(kinds)
    return kinds[0] if len(kinds) == 1 else kind


def _width(cell):
    is_joined = cell.output_rule == "concat"
    return CellWidth(cell.num_inputs, len(cell.outputs) if is_joined else 1)


@functools.lru_cache(maxsize=256)
def _layout(skeleton, image_shape, num_classes, widths):
    """Walks through a network from the image to the classifier."""
    widths, places = dict(widths), []
    fixed = [_part(CALL, image_shape, image_shape[-1])]
    shapes = _stem(skeleton, image_shape, fixed)
    for index, placed in enumerate(skeleton.cells):
        shape = shapes[placed.inputs[-1]]
        if placed.kind == RESIDUAL_KIND:
            fixed.append(_part(RESIDUAL, shape, placed.channels, 2))
            shapes[index] = fixed[-1].output
            continue
        width = widths[known_kind(widths, placed.kind)]
        inputs = _input_states(skeleton, index, shapes, width.num_inputs, fixed)
        places.append(CellPlace(placed.kind, placed.channels, placed.stride, inputs))
        outputs = width.outputs * placed.channels
        states = _strided(shape, placed.stride, placed.channels)
        relu = skeleton.input_rule == PREPROCESS_RULE
        fixed.append(_part(OUTPUT, states, outputs, relu=relu))
        shapes[index] = fixed[-1].output
    last = shapes[len(skeleton.cells) - 1]
    if skeleton.last_normalized:
        fixed.append(_part(LAST_NORMALIZATION, last, last[-1]))
    bias = skeleton.classifier_bias
    fixed.append(_part(CLASSIFIER, last, num_classes, bias=bias))
    return Layout(tuple(fixed), tuple(places))


def _stem(skeleton, image_shape, fixed):
    """Adds the parts of the stem; returns the shapes of its outputs by number."""
    shapes = [image_shape]
    for unit in skeleton.stem:
        more = {"padding": unit.padding, "relu": unit.relu}
        fixed.append(_part(STEM, shapes[-1], unit.filters, unit.stride, **more))
        shapes.append(fixed[-1].output)
    return {n: shapes[n] for n in range(-len(skeleton.stem), 0)}


def _input_states(skeleton, index, shapes, num_inputs, fixed):
    """Adds the layers that a cell's inputs go through; returns the states' shapes."""
    placed, rule = skeleton.cells[index], skeleton.input_rule
    channels = {number: shapes[number][-1] for number in placed.inputs}
    layers = skeleton.input_layers(index, channels)[-num_inputs:]
    states = []
    for number, kinds in zip(placed.inputs[-num_inputs:], layers):
        shape = shapes[number]
        for kind in kinds:
            stride, relu = 2 if kind == REDUCTION else 1, rule in (NASNET, ENAS)
            part = _part(PREPROCESS, shape, placed.channels, stride, relu=relu)
            fixed.append(part)
            shape = part.output
        if rule == IDENTITY:
            shape = (*shape[:2], placed.channels)
        states.append(shape)
    return tuple(states)


def _part(layer, shape, channels, stride=1, **more):
    height, width, inputs = shape
    return NetworkPart(layer, "", stride, inputs, channels, height, width, **more)


def _strided(shape: Shape, stride: int, channels: int) -> Shape:
    height, width, _ = shape
    return (-(-height // stride), -(-width // stride), channels)
