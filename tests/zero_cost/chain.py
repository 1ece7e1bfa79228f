"""The smallest network that can be scored: a chain, all of which is linear."""

from typing import Any

from darts_tf.convolutional.convolution_unit import ConvolutionUnit
from darts_tf.zoo.networks.sequential_network import SequentialNetwork

SHAPE = (4, 3, 2)


class Chain(SequentialNetwork):
    """1x1 convolutions with batch normalizations, and no ReLU.

    Args:
        filters: Channels of each.
    """

    def __init__(self, filters: tuple[int, ...] = (5, 3), **kwargs: Any):
        super().__init__(num_classes=4, **kwargs)
        self.filters = filters
        dtype = self.dtype_policy
        self.stack([ConvolutionUnit(x, 1, dtype=dtype) for x in filters], filters[-1])

    def get_config(self):
        config = {**super().get_config(), "filters": self.filters}
        del config["num_classes"]
        return config


def built_chain(**arguments: Any) -> Chain:
    """Returns a chain for images of `SHAPE`."""
    chain = Chain(**arguments)
    chain.build((None, *SHAPE))
    return chain
