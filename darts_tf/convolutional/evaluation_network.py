"""The network that is trained from scratch with the cells of a genotype."""

from typing import Any, ClassVar

import keras
import tensorflow as tf

from darts_tf.convolutional.auxiliary_head import AuxiliaryHead
from darts_tf.convolutional.convolution_unit import ConvolutionUnit
from darts_tf.convolutional.drop_path import path_scales
from darts_tf.convolutional.evaluation_cell import EvaluationCell
from darts_tf.convolutional.image_network import ImageNetwork
from darts_tf.convolutional.input_rules import ENAS, IDENTITY, NASNET, PREPROCESS
from darts_tf.convolutional.operations.batch_normalization import BatchNormalization
from darts_tf.convolutional.packing import fan_in_uniform
from darts_tf.convolutional.primitives import get_primitive
from darts_tf.convolutional.residual_block import ResidualBlock
from darts_tf.convolutional.skeleton import (
    RESIDUAL,
    Skeleton,
    darts_skeleton,
)
from darts_tf.errors import invalid_value
from darts_tf.genotype.cells_genotype import ImageGenotype
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.limits import MAX_CELLS, MAX_CHANNELS, MAX_CLASSES, check_size


@keras.saving.register_keras_serializable("darts_tf")
class EvaluationNetwork(ImageNetwork):
    """Stem, cells of a genotype, and classifier (paper, sections 3.2 and 3.3).

    The cells stand where `darts_skeleton` puts them. The defaults are the paper's for
    CIFAR-10; for ImageNet it has `num_classes=1000, init_channels=48, num_cells=14,
    stem="imagenet"`.

    Args:
        genotype: A `Genotype`, a `CellsGenotype` of the kinds that the skeleton has or
            of a single one for all cells, or the JSON of one.
        num_classes: Number of classes.
        init_channels: Channels C of the first cells.
        num_cells: Number of cells.
        stem: `"cifar"` for small images or `"imagenet"` for large ones, see
            `darts_skeleton`.
        auxiliary: Whether there is an auxiliary head on the second reduction cell.
        skeleton: `Skeleton` in place of `init_channels`, `num_cells` and `stem`, which
            then only tells how large the images are that it is for.

    Call arguments:
        inputs: Images.
        training: Whether to normalize with the statistics of the batch, and to drop
            paths with the probability `drop_path_rate`. That is a variable which is
            not trained; the paper raises it from epoch to epoch:
            `network.drop_path_rate.assign(0.2 * epoch / num_epochs)`.
        return_auxiliary: Whether to return the auxiliary head's logits as well; else
            the head is not computed.

    Input shape: `(batch, height, width, channels)`, any size.
    Output shape: `(batch, num_classes)`, logits; with `return_auxiliary` a pair.

    Example:

    ```python
    from darts_tf.genotype import Genotype

    network = EvaluationNetwork(Genotype.published("DARTS_V2"))
    images = tf.zeros([2, 32, 32, 3])
    logits, auxiliary = network(images, training=True, return_auxiliary=True)
    ```
    """

    drops_paths = True
    STRUCTURE: ClassVar[dict[str, str]] = {
        "genotype": "genotype",
        "num_cells": "layers",
        "stem": "stem",
        "auxiliary": "auxiliary",
    }

    def __init__(
        self,
        genotype: SavedGenotype | str,
        num_classes: int = 10,
        init_channels: int = 36,
        num_cells: int = 20,
        stem: str = "cifar",
        auxiliary: bool = True,
        skeleton: Skeleton | None = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        check_size("num_classes", num_classes, 2, MAX_CLASSES)
        check_size("init_channels", init_channels, 2, MAX_CHANNELS)
        check_size("num_cells", num_cells, 1, MAX_CELLS)
        self._has_own_skeleton = skeleton is not None
        self.skeleton = skeleton or darts_skeleton(num_cells, init_channels, stem)
        if not isinstance(genotype, SavedGenotype):
            genotype = ImageGenotype.from_json(genotype)
        self.genotype = genotype
        self.num_classes = num_classes
        self.init_channels = init_channels
        self.num_cells = num_cells
        self.stem = stem
        self.auxiliary = auxiliary
        self.seed_generator = keras.random.SeedGenerator()
        self._make_stem_and_cells()
        self._make_heads()

    def _make_stem_and_cells(self):
        self.stem_units = [
            ConvolutionUnit(
                unit.filters,
                3,
                unit.stride,
                unit.relu,
                padding=unit.padding,
                dtype=self.dtype_policy,
                name=f"stem_{index}",
            )
            for index, unit in enumerate(self.skeleton.stem)
        ]
        self.cells = []
        channels = {
            index - len(self.stem_units): unit.filters
            for index, unit in enumerate(self.stem_units)
        }
        for index in range(len(self.skeleton.cells)):
            cell = self._make_cell(index, channels)
            self.cells.append(cell)
            channels[index] = cell.output_channels

    def _make_cell(self, index, channels):
        """Makes a cell or block; `channels` are those of the outputs before it."""
        placed = self.skeleton.cells[index]
        arguments = {"dtype": self.dtype_policy, "name": f"cell_{index}"}
        if placed.kind == RESIDUAL:
            return ResidualBlock(placed.channels, **arguments)
        cell = self._cell_of(placed)
        if self.skeleton.input_rule in (NASNET, ENAS):
            arguments["input_layers"] = self.skeleton.input_layers(index, channels)
            arguments["input_channels"] = [channels[i] for i in placed.inputs]
        return EvaluationCell(
            cell.to_lists(),
            cell.outputs,
            placed.channels,
            reduction=placed.stride == 2,
            reduction_before=self.skeleton.reduces_first_input(index),
            num_inputs=cell.num_inputs,
            output_rule=cell.output_rule,
            preprocessed=self.skeleton.input_rule != IDENTITY,
            **arguments,
        )

    def _cell_of(self, placed):
        """The cell of the genotype that stands in a place of the skeleton."""
        cells = self.genotype.cells
        cell = next(iter(cells.values())) if len(cells) == 1 else cells.get(placed.kind)
        if cell is None or cell.num_inputs > len(placed.inputs):
            expected = f"one with a {placed.kind} cell of {len(placed.inputs)} inputs"
            kinds = [f"{kind}: {c.num_inputs} inputs" for kind, c in cells.items()]
            raise invalid_value("genotype", expected, ", ".join(kinds))
        return cell

    @property
    def _preprocessed(self):
        return self.skeleton.input_rule == PREPROCESS

    def _make_heads(self):
        dtype, channels = self.dtype_policy, self.cells[-1].output_channels
        self.last_normalization = None
        if self.skeleton.last_normalized:
            self.last_normalization = BatchNormalization(
                dtype=dtype, name="last_normalization"
            )
        self.auxiliary_head = None
        if self.auxiliary:
            self.auxiliary_head = AuxiliaryHead(
                self.num_classes,
                # Of the papers' networks that of DARTS for ImageNet alone lacks it.
                last_normalized=self._has_own_skeleton or self.stem != "imagenet",
                dtype=dtype,
                name="auxiliary_head",
            )
        self.pooling = keras.layers.GlobalAveragePooling2D("channels_last", dtype=dtype)
        self.classifier = keras.layers.Dense(
            self.num_classes,
            use_bias=self.skeleton.classifier_bias,
            kernel_initializer=fan_in_uniform(channels),
            bias_initializer=fan_in_uniform(channels),
            dtype=dtype,
            name="classifier",
        )

    @property
    def draws_noise(self) -> bool:
        """Whether the outputs are random, since an operation of a cell is."""
        return any(get_primitive(name).draws for name in self.genotype.primitives)

    @property
    def halvings(self) -> int:
        return self.skeleton.halvings(len(self.skeleton.cells) - 1)

    def cost_layers(self) -> list[keras.Layer]:
        optional = (self.last_normalization, self.classifier, self.auxiliary_head)
        layers = [*self.stem_units, *self.cells, *optional]
        return [layer for layer in layers if layer is not None]

    def build(self, input_shape):
        self.drop_path_rate = self.add_weight(
            shape=(),
            initializer="zeros",
            trainable=False,
            autocast=False,
            name="drop_path_rate",
        )
        shapes = [input_shape]
        for unit in self.stem_units:
            unit.build(shapes[-1])
            shapes.append(unit.compute_output_shape(shapes[-1]))
        first = self.skeleton.cells[0].inputs
        inputs = [shapes[output] for output in first]
        shapes = dict(zip(first, inputs))
        for index, cell in enumerate(self.cells):
            of_cell = inputs[0] if isinstance(cell, ResidualBlock) else inputs
            cell.build(of_cell)
            shapes[index] = shape = cell.compute_output_shape(of_cell)
            inputs, shapes = self.skeleton.next_inputs(index, shapes)
            if self.auxiliary and index == self.skeleton.auxiliary_after:
                self.auxiliary_head.build(shape)
        if self.last_normalization:
            self.last_normalization.build(shape)
        self.pooling.build(shape)
        self.classifier.build(self.pooling.compute_output_shape(shape))
        self.built = True

    def call(self, inputs, training=False, return_auxiliary=False):
        if return_auxiliary and not self.auxiliary:
            expected = "False, since the network was made with auxiliary=False"
            raise invalid_value("return_auxiliary", expected, return_auxiliary)
        stem = [inputs]
        for unit in self.stem_units:
            stem.append(unit(stem[-1], training=training))
        first = self.skeleton.cells[0].inputs
        # Each input has a tensor of its own, even if both are one output, because the
        # order in which gradients are added up decides the last bits of a run.
        cell_inputs = [self._read_by_cells(stem[output]) for output in first]
        states = dict(zip(first, cell_inputs))
        all_scales = self._path_scales(inputs, training)
        for index, (cell, scales) in enumerate(zip(self.cells, all_scales)):
            if isinstance(cell, ResidualBlock):
                output = cell(cell_inputs[0], training=training)
            else:
                output = cell(cell_inputs, scales, training=training)
            states[index] = self._read_by_cells(output)
            cell_inputs, states = self.skeleton.next_inputs(index, states)
            if return_auxiliary and index == self.skeleton.auxiliary_after:
                auxiliary_logits = self.auxiliary_head(output, training=training)
        if self.last_normalization:
            output = self.last_normalization(output, training=training)
        if self.last_normalization or self.skeleton.last_relu:
            output = tf.nn.relu(output)
        logits = self.classifier(self.pooling(output))
        return (logits, auxiliary_logits) if return_auxiliary else logits

    def _read_by_cells(self, output):
        """What cells read of an output: its positive part, if they preprocess it."""
        return tf.nn.relu(output) if self._preprocessed else output

    def _path_scales(self, inputs, training):
        """For each cell the factors of its edges, or `None` outside training."""
        if not training:
            return [None] * len(self.cells)
        numbers = [getattr(cell, "num_paths", 0) for cell in self.cells]
        scales = path_scales(
            sum(numbers),
            tf.shape(inputs)[0],
            tf.convert_to_tensor(self.drop_path_rate),
            self.seed_generator,
        )
        return tf.split(tf.cast(scales, self.compute_dtype), numbers)

    def get_config(self):
        own = {"skeleton": self.skeleton.to_dict()} if self._has_own_skeleton else {}
        return {
            **super().get_config(),
            "genotype": self.genotype.to_json(),
            "num_classes": self.num_classes,
            "init_channels": self.init_channels,
            "num_cells": self.num_cells,
            "stem": self.stem,
            "auxiliary": self.auxiliary,
            **own,
        }

    @classmethod
    def from_config(cls, config):
        if "skeleton" in config:
            config["skeleton"] = Skeleton.from_dict(config["skeleton"])
        return super().from_config(config)
