"""MobileNet of the first version (Howard et al. 2017, arXiv 1704.04861, table 1)."""

from typing import Any

import keras

from darts_tf.limits import MAX_CHANNELS, check_size
from darts_tf.zoo.networks.normalized_convolution import NormalizedConvolution
from darts_tf.zoo.networks.sequential_network import SequentialNetwork

# Channels of each depthwise separable convolution as multiples of the first ones, and
# its stride.
_UNITS = (
    *((2, 1), (4, 2), (4, 1), (8, 2), (8, 1), (16, 2)),
    *[(16, 1)] * 5,
    *((32, 2), (32, 1)),
)
_ACTIVATION = "relu6"  # as in the authors' code; the paper says ReLU


@keras.saving.register_keras_serializable("darts_tf")
class MobileNet(SequentialNetwork):
    """A convolution, and depthwise separable ones with a normalization in between.

    Args:
        num_classes: Number of classes.
        init_channels: Channels of the first convolution; half of it is the network
            that the paper calls 0.5.
        **kwargs: See `keras.Model`. For the call and the shapes see
            `SequentialNetwork`; images are halved five times.
    """

    stem = "imagenet"

    def __init__(self, num_classes: int = 1000, init_channels: int = 32, **kwargs: Any):
        super().__init__(num_classes, **kwargs)
        check_size("init_channels", init_channels, 1, MAX_CHANNELS)
        self.init_channels = init_channels
        layers = [self._unit(init_channels, 3, 2, "stem")]
        for index, (multiple, stride) in enumerate(_UNITS):
            layers += [
                self._unit(None, 3, stride, f"depthwise_{index}"),
                self._unit(multiple * init_channels, 1, 1, f"pointwise_{index}"),
            ]
        self.stack(layers, _UNITS[-1][0] * init_channels)

    def _unit(self, filters, size, stride, name):
        return NormalizedConvolution(
            filters,
            size,
            stride,
            activation=_ACTIVATION,
            dtype=self.dtype_policy,
            name=name,
        )

    def get_config(self):
        return {**super().get_config(), "init_channels": self.init_channels}
