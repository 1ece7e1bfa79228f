"""The cells of a search network, and what they can be made of."""

from collections.abc import Sequence
from typing import Any

from darts_tf.convolutional.forms.edge_operations import make_edge_types
from darts_tf.convolutional.input_rules import ENAS, IDENTITY, NASNET, POINTWISE
from darts_tf.convolutional.primitives import get_primitive
from darts_tf.convolutional.residual_block import ResidualBlock
from darts_tf.convolutional.search_cell import SearchCell
from darts_tf.convolutional.skeleton import RESIDUAL, PlacedCell, Skeleton
from darts_tf.errors import invalid_value
from darts_tf.method.slots import Edge
from darts_tf.space.search_space import SearchSpace


def make_search_cells(
    skeleton: Skeleton, space: SearchSpace, edge: Edge, dtype: Any, **arguments: Any
) -> list[SearchCell | ResidualBlock]:
    """Makes the cells and blocks of a search network.

    Args:
        skeleton: `Skeleton`.
        space: `SearchSpace`.
        edge: `Edge` of the search method.
        dtype: Of all layers.
        **arguments: Of each `SearchCell`, `recompute` and `form`.
    """
    edge_types = make_edge_types(skeleton.normalized_pools)
    cells, channels = [], {-1: skeleton.stem[-1].filters}
    for index, placed in enumerate(skeleton.cells):
        of_layer = {"dtype": dtype, "name": f"cell_{index}"}
        if placed.kind == RESIDUAL:
            cell = ResidualBlock(placed.channels, **of_layer)
        else:
            cell = SearchCell(
                placed.channels,
                reduction=placed.stride == 2,
                reduction_before=skeleton.reduces_first_input(index),
                space=space.of(kind_in_space(space, placed)),
                edge=edge,
                preprocessed=skeleton.input_rule != IDENTITY,
                input_layers=_input_layers(skeleton, index, channels),
                edge_types=edge_types,
                **arguments,
                **of_layer,
            )
        cells.append(cell)
        channels[index] = cell.output_channels
    return cells


def kind_in_space(space: SearchSpace, placed: PlacedCell) -> str:
    """Returns the kind of cell in a space that a cell of a skeleton is."""
    return placed.kind if len(space.kinds) > 1 else space.kinds[0]


def _input_layers(skeleton, index, channels):
    """Those of a cell by an input rule that looks at channels, `None` by another."""
    if skeleton.input_rule not in (NASNET, ENAS):
        return None
    placed = skeleton.cells[index]
    return [
        # Mixed operations keep their channels, so that no input with others can be a
        # state as it is: the first cell of NASNet has one in the network that is
        # derived.
        layers or ((POINTWISE,) if channels[i] != placed.channels else ())
        for i, layers in zip(placed.inputs, skeleton.input_layers(index, channels))
    ]


def checked_primitives(primitives: Sequence[str]) -> tuple[str, ...]:
    """Returns the names of primitives, or raises a `ValueError` if they do not do."""
    primitives = tuple(primitives)
    useful = [name for name in primitives if not get_primitive(name).is_zero]
    if not useful or len(set(primitives)) != len(primitives):
        expected = "different names with at least one that is not zero"
        raise invalid_value("primitives", expected, primitives)
    return primitives


def check_skeleton(skeleton: Skeleton) -> None:
    """Raises a `ValueError` if a search network cannot have a skeleton."""
    if len(skeleton.stem) > 1 or skeleton.stem[0].stride > 1:
        expected = "one whose stem is a single convolution of stride 1"
        raise invalid_value("skeleton", expected, skeleton.stem)


def check_space(space: SearchSpace) -> None:
    """Raises a `ValueError` if a search network cannot have the cells of a space."""
    for cell in space.cells:
        if cell.num_inputs > 2:
            expected = "one whose cells have 1 or 2 inputs"
            raise invalid_value("space", expected, f"{cell.num_inputs} inputs")
        for row in range(cell.num_edges):
            names = cell.operations_of(row)
            if all(get_primitive(name).is_zero for name in names):
                expected = "one each of whose edges has an operation that is not zero"
                raise invalid_value("space", expected, names)
