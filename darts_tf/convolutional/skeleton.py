"""The macro architecture of a convolutional network, as data."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from darts_tf.convolutional.input_rules import (
    IDENTITY,
    INPUT_RULES,
    PREPROCESS,
    CellInput,
    input_layers,
)
from darts_tf.errors import invalid_value

T = TypeVar("T")

STEMS = ("cifar", "imagenet")
PADDINGS = ("same", "valid")
# The kind of a block that is the same whatever the genotype, see `ResidualBlock`.
RESIDUAL = "residual"


@dataclasses.dataclass(frozen=True)
class StemConvolution:
    """A 3x3 convolution and its normalization, before the cells.

    Args:
        filters: Number of output channels.
        stride: 1, or 2 to halve height and width.
        relu: Whether it reads the positive part of what comes before.
        padding: `"same"`, a pixel of zeros on every side, or `"valid"`, none.
    """

    filters: int
    stride: int
    relu: bool
    padding: str = "same"


@dataclasses.dataclass(frozen=True)
class PlacedCell:
    """A cell in its place in the network.

    Args:
        kind: Which cell of the genotype it is, or `"residual"` for a `ResidualBlock`.
        channels: Number of channels of each of its states.
        stride: 1, or 2 if its edges from the inputs halve height and width.
        inputs: The outputs that it reads: numbers of cells from 0, or negative numbers
            that count the stem's convolutions from its end, -1 the last one.
    """

    kind: str
    channels: int
    stride: int
    inputs: tuple[int, ...]


@dataclasses.dataclass(frozen=True)
class Skeleton:
    """Where the cells of a network are, and what comes before and beside them.

    Args:
        stem: The `StemConvolution`s.
        cells: The `PlacedCell`s in their order, at least one.
        auxiliary_after: Number of the cell after which an auxiliary head may be.
        input_rule: How a cell makes its states of the outputs that it reads.
            `"preprocess"`, the rule of DARTS: ReLU, 1x1 convolution and normalization
            always, and a factorized reduction for an output twice as large as the last.
            `"identity"`: the one output that it reads is its state.
            `"nasnet"`, the rule of NASNet (arXiv 1707.07012, appendix A): of the last
            output ReLU, 1x1 convolution and normalization always; of one before it a
            reduction if it is twice as large, the 1x1 convolution if it has other
            channels than the states, and else it is a state as it is, also if it is
            the last output itself, as of the first cell. `"enas"`, that of the code of
            ENAS (arXiv 1802.03268): the last output has the 1x1 convolution if it has
            other channels, and then always another one; those before it as in NASNet.
        last_normalized: Whether a normalization and a ReLU come before the classifier.
        normalized_pools: Whether in a search network a normalization without scale and
            offset follows a pool, as in DARTS'. None does in a derived one.
        last_relu: Whether a ReLU alone comes before the classifier.
        classifier_bias: Whether the classifier has one.

    Raises:
        ValueError: If a stride is neither 1 nor 2; a cell reads what does not come
            before it, or of the stem what the first cell does not read; there is no
            such padding, cell or rule; or a residual block or a cell by identity reads
            more than one output, or such a block does not halve.
    """

    stem: tuple[StemConvolution, ...]
    cells: tuple[PlacedCell, ...]
    auxiliary_after: int
    input_rule: str = PREPROCESS
    last_normalized: bool = False
    normalized_pools: bool = True
    last_relu: bool = False
    classifier_bias: bool = True

    def __post_init__(self):
        if not self.stem:
            raise invalid_value("stem", "one or more `StemConvolution`", self.stem)
        if not self.cells:
            raise invalid_value("cells", "one or more `PlacedCell`", self.cells)
        for unit in (*self.stem, *self.cells):
            if unit.stride not in (1, 2):
                raise invalid_value("stride", "1 or 2", unit.stride)
        for unit in self.stem:
            if unit.padding not in PADDINGS:
                raise invalid_value("padding", "same or valid", unit.padding)
        of_stem = range(-len(self.stem), 0)
        for index, cell in enumerate(self.cells):
            known = {*of_stem, *range(index)}
            if not cell.inputs or not set(cell.inputs) <= known:
                expected = f"some of {', '.join(map(str, sorted(known)))}"
                raise invalid_value(f"cells[{index}].inputs", expected, cell.inputs)
            of_stem = [i for i in self.cells[0].inputs if i < 0]
            is_block = cell.kind == RESIDUAL
            if len(cell.inputs) > 1 and (is_block or self.input_rule == IDENTITY):
                raise invalid_value(f"cells[{index}].inputs", "one", cell.inputs)
            if is_block and cell.stride == 1:
                raise invalid_value(f"cells[{index}].stride", "2", cell.stride)
        if self.auxiliary_after not in range(len(self.cells)):
            expected = f"the number of a cell, 0 to {len(self.cells) - 1}"
            raise invalid_value("auxiliary_after", expected, self.auxiliary_after)
        if self.input_rule not in INPUT_RULES:
            expected = f"one of {', '.join(INPUT_RULES)}"
            raise invalid_value("input_rule", expected, self.input_rule)

    def to_dict(self) -> dict[str, Any]:
        """Returns what `from_dict` takes, of numbers, strings and lists alone."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "Skeleton":
        """Makes the skeleton of what `to_dict` returned, or JSON made of that.

        Raises:
            ValueError: If it is malformed.
        """
        try:
            stem = tuple(StemConvolution(**unit) for unit in content["stem"])
            cells = tuple(
                PlacedCell(**{**cell, "inputs": tuple(cell["inputs"])})
                for cell in content["cells"]
            )
            return cls(**{**content, "stem": stem, "cells": cells})
        except (KeyError, TypeError) as error:
            raise invalid_value("content", "that of a `Skeleton`", content) from error

    def halvings(self, output: int) -> int:
        """Returns how often height and width are halved up to an output.

        Args:
            output: Number of a cell, or a negative one as in `PlacedCell.inputs`.
        """
        count = 0
        while output >= 0:
            count += self.cells[output].stride == 2
            output = self.cells[output].inputs[-1]
        units = self.stem[: len(self.stem) + 1 + output]
        return count + sum(unit.stride == 2 for unit in units)

    def reduces_first_input(self, index: int) -> bool:
        """Returns whether a cell's first input is larger than its last one."""
        inputs = self.cells[index].inputs
        return self.halvings(inputs[0]) < self.halvings(inputs[-1])

    def input_layers(
        self, index: int, channels: Mapping[int, int]
    ) -> tuple[tuple[str, ...], ...]:
        """Returns the layers through which a cell takes its inputs, by the input rule.

        Args:
            index: Number of the cell.
            channels: Number of channels of each output that it reads, by its number.
        """
        cell = self.cells[index]
        last = self.halvings(cell.inputs[-1])
        inputs = [
            CellInput(i, channels[i], self.halvings(i) < last) for i in cell.inputs
        ]
        return input_layers(self.input_rule, inputs, cell.channels)

    def next_inputs(
        self, index: int, states: Mapping[int, T]
    ) -> tuple[list[T], dict[int, T]]:
        """Moves on from a cell to the next one.

        Args:
            index: Number of the cell that is done, -1 before the first one.
            states: What is known of outputs, by their numbers.

        Returns:
            That of the next cell's inputs, none after the last cell, and the part of
            `states` that this and later cells read: the others need not be kept.
        """
        later = self.cells[index + 1 :]
        needed = {output for cell in later for output in cell.inputs}
        kept = {output: states[output] for output in states if output in needed}
        return [kept[output] for cell in later[:1] for output in cell.inputs], kept


def darts_skeleton(
    num_cells: int,
    init_channels: int,
    stem: str = "cifar",
    reductions: Iterable[int] | None = None,
) -> Skeleton:
    """Returns the skeleton of DARTS' networks (paper, sections 3.1.1, 3.2 and 3.3).

    Each cell reads the outputs of the two before it, and a reduction cell doubles the
    channels.

    Args:
        num_cells: Number of cells.
        init_channels: Channels C of the first cells.
        stem: `"cifar"` for small images: a convolution to 3C channels; or `"imagenet"`
            for large ones: three of stride 2, so that the first cell works at an eighth
            of height and width.
        reductions: Numbers of the reduction cells; default `num_cells // 3` and
            `2 * num_cells // 3`.

    Raises:
        ValueError: If there is no such stem or reduction cell.
    """
    if stem not in STEMS:
        raise invalid_value("stem", f"one of {', '.join(STEMS)}", stem)
    last_reduction = 2 * num_cells // 3
    if reductions is None:
        reductions = (num_cells // 3, last_reduction)
    reductions = frozenset(reductions)
    if not reductions <= set(range(num_cells)):
        expected = f"indices of cells, 0 to {num_cells - 1}"
        raise invalid_value("reductions", expected, sorted(reductions))
    units = {
        "cifar": ((3 * init_channels, 1, False),),
        "imagenet": (
            (init_channels // 2, 2, False),
            (init_channels, 2, True),
            (init_channels, 2, True),
        ),
    }[stem]
    cells, channels = [], init_channels
    # Where the stem is a single convolution, the first cell reads it twice.
    before = -min(len(units), 2)
    for index in range(num_cells):
        reduction = index in reductions
        channels *= 2 if reduction else 1
        kind, stride = ("reduce", 2) if reduction else ("normal", 1)
        cells.append(PlacedCell(kind, channels, stride, (before, index - 1)))
        before = index - 1
    stem_units = tuple(StemConvolution(*unit) for unit in units)
    return Skeleton(stem_units, tuple(cells), auxiliary_after=last_reduction)


def staged_skeleton(num_cells: int, init_channels: int) -> Skeleton:
    """Returns the skeleton of NAS-Bench-201 (arXiv 2001.00326), of three stages.

    All cells keep height, width and channels, and a cell reads the output before it as
    it is. A residual block before cell `num_cells // 3`, and one before cell
    `2 * num_cells // 3`, halves the sides and doubles the channels.

    Args:
        num_cells: Number of cells, without the blocks; the benchmark has 15.
        init_channels: Channels of the stem and of the first cells; there 16.
    """
    placed, channels = [], init_channels
    for index in range(num_cells):
        for first in (num_cells // 3, 2 * num_cells // 3):
            if index == first:
                channels *= 2
                placed.append(PlacedCell(RESIDUAL, channels, 2, (len(placed) - 1,)))
        placed.append(PlacedCell("normal", channels, 1, (len(placed) - 1,)))
    return Skeleton(
        (StemConvolution(init_channels, 1, False),),
        tuple(placed),
        auxiliary_after=len(placed) - 1,
        input_rule=IDENTITY,
        last_normalized=True,
        normalized_pools=False,
    )
