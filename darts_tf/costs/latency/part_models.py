"""Parts of networks as models of their own, which can be exported and timed.

A model of one operation alone would tell little of what it takes inside a network: it
takes the image over and hands the result back, in an order of the pixels that the
runtime may not like. Therefore each part has a *frame*, 1x1 convolutions before and
after it, and what the frame takes is subtracted. With t(f) the time of a model of two
such convolutions one after the other, t(call) that of a model of nothing, and one
convolution for each input of a part and one for its output, it is

    t(part) - t(call) - sum over the convolutions of (t(f) - t(call)) / 2.

The result of an operation is added to others at its node, which takes time as well. A
node of two edges has one addition, so that an operation is given half of one.
"""

from collections.abc import Callable

import keras

from darts_tf.convolutional.convolution_unit import ConvolutionUnit
from darts_tf.costs.cost_model import (
    CALL,
    CLASSIFIER,
    OUTPUT,
    NetworkPart,
    Shape,
)
from darts_tf.costs.part_layers import is_passed_on, make_layer

# The layers of what is timed beside the parts of networks: a frame, the addition of two
# states, and a network as a whole.
FRAME, SUM, NETWORK = "frame", "sum", "network"


def addition(operation: NetworkPart) -> NetworkPart:
    """Returns the addition of two results of an operation."""
    height, width, channels = operation.output
    return NetworkPart(SUM, "", 1, channels, channels, height, width)


def costs_nothing(part: NetworkPart) -> bool:
    """Returns whether a runtime has nothing to do for a part.

    That is so for an operation that hands on its input or is zero, and for an output
    that is a state as it is.
    """
    if part.layer == OUTPUT:
        return part.inputs == part.channels and not part.relu
    return is_passed_on(part)


def frames(part: NetworkPart) -> tuple[NetworkPart, ...]:
    """Returns the frame of each convolution around a part, empty for a call."""
    if part.layer == CALL:
        return ()
    if part.layer == FRAME:
        return (part, part)
    before = (part.height, part.width, part.inputs)
    return (*[_frame(before)] * _num_inputs(part), _frame(part.output))


def net_time(
    part: NetworkPart, call: NetworkPart, time_of: Callable[[NetworkPart], float]
) -> float:
    """Returns the time of a part without its frame.

    Args:
        part: A part of a network.
        call: The part of a call of that network, whose time is all its own.
        time_of: Function of a part or frame, the time of its model.
    """
    if part == call:
        return time_of(part)
    of_call = time_of(call)
    around = sum((time_of(frame) - of_call) / 2 for frame in frames(part))
    return time_of(part) - of_call - around


def make_model(part: NetworkPart) -> keras.Model:
    """Makes the model of a part in its frame, with new weights.

    Args:
        part: A part of a network, or a frame.

    Returns:
        Model of float32 `images` of the shape of the part's input.
    """
    images = keras.Input((part.height, part.width, part.inputs), name="images")
    if part.layer == CALL:
        return keras.Model(images, {"logits": _nothing(images)})
    states = [_convolved(images, part.inputs) for _ in range(_num_inputs(part))]
    y = states[0] if part.layer == FRAME else _joined(part, states)
    if part.layer == CLASSIFIER:
        y = keras.layers.Reshape((1, 1, part.channels))(y)
    return keras.Model(images, {"logits": _convolved(y, y.shape[-1])})


def _num_inputs(part):
    """Number of states that the model of a part makes of its input."""
    if part.layer == SUM:
        return 2
    return part.channels // part.inputs if part.layer == OUTPUT else 1


def _frame(shape: Shape) -> NetworkPart:
    height, width, channels = shape
    return NetworkPart(FRAME, "", 1, channels, channels, height, width)


def _joined(part, states):
    """The part itself, of states that convolutions have made."""
    if part.layer == SUM:
        return keras.layers.Add()(states)
    if part.layer != OUTPUT:
        return make_layer(part)(states[0])
    y = keras.layers.Concatenate()(states) if len(states) > 1 else states[0]
    return keras.layers.ReLU()(y) if part.relu else y


def _convolved(x, channels):
    return ConvolutionUnit(channels, 1)(x)


def _nothing(images):
    """What every network does beside its layers: images in, probabilities out."""
    x = keras.layers.Rescaling(1 / 255)(images)
    x = keras.layers.GlobalAveragePooling2D("channels_last")(x)
    return keras.layers.Softmax()(x)
