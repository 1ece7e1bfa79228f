"""Full convolution with batch normalization, of stems and auxiliary heads."""

from typing import Any

import keras

from darts_tf.autodiff import dual
from darts_tf.convolutional.operations import elementwise
from darts_tf.convolutional.operations.batch_normalization import BatchNormalization
from darts_tf.convolutional.operations.convolution import conv2d, unpadded_conv2d
from darts_tf.convolutional.packing import fan_in_uniform


@keras.saving.register_keras_serializable("darts_tf")
class ConvolutionUnit(keras.layers.Layer):
    """ReLU, convolution, batch normalization; the first and the last if wanted.

    The padding is (size - 1) // 2 on every side, also at stride 2, where that of
    Keras is not symmetric, or none.

    Args:
        filters: Number of channels of the output.
        size: Height and width of the kernel.
        stride: Integer.
        relu: Whether a ReLU comes first.
        normalized: Whether a batch normalization comes last.
        padding: `"same"`, or `"valid"` for none.

    Input shape: `(batch, height, width, channels)`; output shape `(batch,
    new_height, new_width, filters)`.
    """

    def __init__(
        self,
        filters: int,
        size: int,
        stride: int = 1,
        relu: bool = False,
        normalized: bool = True,
        padding: str = "same",
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.filters, self.size, self.stride = filters, size, stride
        self.relu, self.normalized = relu, normalized
        self.padding = padding
        self.normalization = None
        if normalized:
            self.normalization = BatchNormalization(
                dtype=self.dtype_policy, name="normalization"
            )

    def build(self, input_shape):
        shape = (self.size, self.size, input_shape[-1], self.filters)
        self.kernel = self.add_weight(
            shape=shape,
            initializer=fan_in_uniform(self.size**2 * input_shape[-1]),
            name="kernel",
        )
        if self.normalized:
            self.normalization.build(self.compute_output_shape(input_shape))
        self.built = True

    def call(self, inputs, training=False):
        x = elementwise.relu(inputs) if self.relu else inputs
        kernel = dual.read(self.kernel)
        if self.padding == "valid":
            y = unpadded_conv2d(x, kernel, self.stride)
        else:
            y = conv2d(x, kernel, self.stride)
        if not self.normalized:
            return y
        return self.normalization(inputs=y, training=training)

    def compute_output_shape(self, input_shape):
        batch, *sides, _ = input_shape
        lost = self.size - 1
        if self.padding == "same":
            lost -= lost // 2 * 2
        height, width = ((side - lost - 1) // self.stride + 1 for side in sides)
        return (batch, height, width, self.filters)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "size": self.size,
            "stride": self.stride,
            "relu": self.relu,
            "normalized": self.normalized,
            "padding": self.padding,
        }
