"""Primitives, the candidate operations of an edge."""

from darts_tf.convolutional.primitives.activated_convolutions import (
    ActivatedDepthwiseConvolution as ActivatedDepthwiseConvolution,
)
from darts_tf.convolutional.primitives.activated_convolutions import (
    ActivatedPointwiseConvolution as ActivatedPointwiseConvolution,
)
from darts_tf.convolutional.primitives.activated_convolutions import (
    ActivatedSeparableConvolution as ActivatedSeparableConvolution,
)
from darts_tf.convolutional.primitives.base import Primitive as Primitive
from darts_tf.convolutional.primitives.bottlenecks import Bottleneck as Bottleneck
from darts_tf.convolutional.primitives.darts_primitives import (
    DARTS_PRIMITIVES as DARTS_PRIMITIVES,
)
from darts_tf.convolutional.primitives.darts_primitives import (
    AveragePool as AveragePool,
)
from darts_tf.convolutional.primitives.darts_primitives import (
    DilatedConvolution as DilatedConvolution,
)
from darts_tf.convolutional.primitives.darts_primitives import MaxPool as MaxPool
from darts_tf.convolutional.primitives.darts_primitives import (
    RectangularConvolutions as RectangularConvolutions,
)
from darts_tf.convolutional.primitives.darts_primitives import (
    SeparableConvolution as SeparableConvolution,
)
from darts_tf.convolutional.primitives.darts_primitives import (
    SkipConnect as SkipConnect,
)
from darts_tf.convolutional.primitives.darts_primitives import Zero as Zero
from darts_tf.convolutional.primitives.full_convolutions import (
    FullConvolution as FullConvolution,
)
from darts_tf.convolutional.primitives.identity import Identity as Identity
from darts_tf.convolutional.primitives.noise import Noise as Noise
from darts_tf.convolutional.primitives.registry import get_primitive as get_primitive
from darts_tf.convolutional.primitives.registry import (
    primitive_names as primitive_names,
)
from darts_tf.convolutional.primitives.registry import (
    register_primitive as register_primitive,
)
from darts_tf.convolutional.primitives.separable_convolutions import (
    DepthwiseConvolution as DepthwiseConvolution,
)
from darts_tf.convolutional.primitives.separable_convolutions import (
    DilatedSeparableConvolution as DilatedSeparableConvolution,
)
from darts_tf.convolutional.primitives.separable_convolutions import (
    SingleSeparableConvolution as SingleSeparableConvolution,
)
from darts_tf.convolutional.primitives.window_pools import (
    WindowMaximum as WindowMaximum,
)
from darts_tf.convolutional.primitives.window_pools import WindowMean as WindowMean
