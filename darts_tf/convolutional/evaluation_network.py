"""The network that is trained from scratch with the cells of a genotype."""

import keras
import tensorflow as tf

from darts_tf.convolutional.auxiliary_head import AuxiliaryHead
from darts_tf.convolutional.convolution_unit import ConvolutionUnit
from darts_tf.convolutional.drop_path import path_scales
from darts_tf.convolutional.evaluation_cell import EvaluationCell
from darts_tf.convolutional.packing import fan_in_uniform
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.limits import MAX_CELLS, MAX_CHANNELS, MAX_CLASSES, check_size

STEMS = ("cifar", "imagenet")


@keras.saving.register_keras_serializable("darts_tf")
class EvaluationNetwork(keras.Model):
    """Stem, cells of a genotype, and classifier (paper, sections 3.2 and 3.3).

    Cells `num_cells // 3` and `2 * num_cells // 3` are reduction cells and double the
    channels. The defaults are the paper's for CIFAR-10; for ImageNet it has
    `num_classes=1000, init_channels=48, num_cells=14, stem="imagenet"`.

    Args:
        genotype: A `Genotype`, or the JSON of one.
        num_classes: Number of classes.
        init_channels: Channels C of the first cells.
        num_cells: Number of cells.
        stem: `"cifar"` for small images: a 3x3 convolution to 3C channels; or
            `"imagenet"` for large ones: three of stride 2, so that the first cell
            works at an eighth of height and width.
        auxiliary: Whether there is an auxiliary head on the second reduction cell.

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
    network = EvaluationNetwork(Genotype.published("DARTS_V2"))
    network.build((None, 32, 32, 3))
    logits, auxiliary = network(images, training=True, return_auxiliary=True)
    ```
    """

    def __init__(
        self,
        genotype,
        num_classes=10,
        init_channels=36,
        num_cells=20,
        stem="cifar",
        auxiliary=True,
        **kwargs,
    ):
        super().__init__(**kwargs)
        check_size("num_classes", num_classes, 2, MAX_CLASSES)
        check_size("init_channels", init_channels, 2, MAX_CHANNELS)
        check_size("num_cells", num_cells, 1, MAX_CELLS)
        if stem not in STEMS:
            raise ValueError(
                "Received an invalid value for argument `stem`, expected one of "
                f"{', '.join(STEMS)}. Received: stem={stem!r}."
            )
        is_genotype = isinstance(genotype, Genotype)
        self.genotype = genotype if is_genotype else Genotype.from_json(genotype)
        self.num_classes = num_classes
        self.init_channels = init_channels
        self.num_cells = num_cells
        self.stem = stem
        self.auxiliary = auxiliary
        self.seed_generator = keras.random.SeedGenerator()
        self._make_stem()
        channels = self._make_cells()
        self._make_heads(channels)

    def _make_stem(self):
        channels = self.init_channels
        filters_stride_relu = {
            "cifar": [(3 * channels, 1, False)],
            "imagenet": [
                (channels // 2, 2, False),
                (channels, 2, True),
                (channels, 2, True),
            ],
        }
        self.stem_units = [
            ConvolutionUnit(
                filters, 3, stride, relu, dtype=self.dtype_policy, name=f"stem_{index}"
            )
            for index, (filters, stride, relu) in enumerate(
                filters_stride_relu[self.stem]
            )
        ]

    def _make_cells(self):
        """Makes the cells; returns the channels of the last one's output."""
        reductions = (self.num_cells // 3, 2 * self.num_cells // 3)
        channels = self.init_channels
        reduction = self.stem == "imagenet"
        self.cells = []
        for index in range(self.num_cells):
            reduction_before, reduction = reduction, index in reductions
            channels *= 2 if reduction else 1
            cell = self.genotype.reduce if reduction else self.genotype.normal
            self.cells.append(
                EvaluationCell(
                    cell.to_lists(),
                    cell.outputs,
                    channels,
                    reduction,
                    reduction_before,
                    dtype=self.dtype_policy,
                    name=f"cell_{index}",
                )
            )
        return channels * len(cell.outputs)

    def _make_heads(self, channels):
        dtype = self.dtype_policy
        self.auxiliary_head = None
        if self.auxiliary:
            self.auxiliary_head = AuxiliaryHead(
                self.num_classes,
                last_normalized=self.stem != "imagenet",
                dtype=dtype,
                name="auxiliary_head",
            )
        self.pooling = keras.layers.GlobalAveragePooling2D("channels_last", dtype=dtype)
        self.classifier = keras.layers.Dense(
            self.num_classes,
            kernel_initializer=fan_in_uniform(channels),
            bias_initializer=fan_in_uniform(channels),
            dtype=dtype,
            name="classifier",
        )

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
        shapes = self._cell_inputs(shapes)
        for cell in self.cells:
            cell.build(shapes)
            shapes = [shapes[1], cell.compute_output_shape(shapes)]
            if self.auxiliary and cell is self._auxiliary_cell:
                self.auxiliary_head.build(shapes[1])
        self.pooling.build(shapes[1])
        self.classifier.build(self.pooling.compute_output_shape(shapes[1]))
        self.built = True

    def build_from_config(self, config):
        # Keras' own leaves a network that cannot be built as it is.
        self.build(config["input_shape"])

    def _cell_inputs(self, stem_states):
        """The first cell's inputs, from the stem's input and outputs."""
        if self.stem == "cifar":
            return [stem_states[-1]] * 2
        return stem_states[-2:]

    @property
    def _auxiliary_cell(self):
        return self.cells[2 * self.num_cells // 3]

    def call(self, inputs, training=False, return_auxiliary=False):
        if return_auxiliary and not self.auxiliary:
            raise ValueError(
                "Received an invalid value for argument `return_auxiliary`, expected "
                "False, since the network was made with auxiliary=False. "
                "Received: return_auxiliary=True."
            )
        states = [inputs]
        for unit in self.stem_units:
            states.append(unit(states[-1], training=training))
        states = [tf.nn.relu(state) for state in self._cell_inputs(states)]
        for cell, scales in zip(self.cells, self._path_scales(inputs, training)):
            output = cell(states, scales, training=training)
            states = [states[1], tf.nn.relu(output)]
            if return_auxiliary and cell is self._auxiliary_cell:
                auxiliary_logits = self.auxiliary_head(output, training=training)
        logits = self.classifier(self.pooling(output))
        return (logits, auxiliary_logits) if return_auxiliary else logits

    def _path_scales(self, inputs, training):
        """For each cell the factors of its edges, or `None` outside training."""
        if not training:
            return [None] * len(self.cells)
        numbers = [cell.num_paths for cell in self.cells]
        scales = path_scales(
            sum(numbers),
            tf.shape(inputs)[0],
            tf.convert_to_tensor(self.drop_path_rate),
            self.seed_generator,
        )
        return tf.split(tf.cast(scales, self.compute_dtype), numbers)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.num_classes)

    def get_config(self):
        return {
            **super().get_config(),
            "genotype": self.genotype.to_json(),
            "num_classes": self.num_classes,
            "init_channels": self.init_channels,
            "num_cells": self.num_cells,
            "stem": self.stem,
            "auxiliary": self.auxiliary,
        }
