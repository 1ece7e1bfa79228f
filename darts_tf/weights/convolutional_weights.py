"""Weights of an evaluation network under the names of the authors' PyTorch code.

Images there are NCHW, kernels (out, in, rows, columns), dense kernels (out, in).
`cells.3._ops.7.op.1.weight` is the first kernel of edge 7 of cell 3.
"""

import math
import re
from collections.abc import Mapping

import keras
import numpy as np

from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.convolutional.primitives import get_primitive
from darts_tf.convolutional.primitives.darts_primitives import (
    DilatedConvolution,
    RectangularConvolutions,
    SeparableConvolution,
    SkipConnect,
)
from darts_tf.errors import UserError
from darts_tf.genotype.convolutional_genotype import Genotype

# Names of the kernels and of the batch normalizations, in the order of the primitive.
_PRIMITIVE_NAMES = {
    SeparableConvolution: (
        ("op.1", "op.2", "op.5", "op.6"),
        ("op.3", "op.7"),
    ),
    DilatedConvolution: (("op.1", "op.2"), ("op.3",)),
    SkipConnect: (("conv_1", "conv_2"), ("bn",)),
    RectangularConvolutions: (("1", "2"), ("3",)),
}
# Convolution and batch normalization of each unit of a stem.
_STEM_NAMES = {
    "cifar": (("stem.0", "stem.1"),),
    "imagenet": (
        ("stem0.0", "stem0.1"),
        ("stem0.3", "stem0.4"),
        ("stem1.1", "stem1.2"),
    ),
}
_AUXILIARY_NAMES = (("features.2", "features.3"), ("features.5", "features.6"))
# PyTorch counts the batches that a normalization has seen; nothing depends on it.
_COUNTER = ".num_batches_tracked"
_MAX_NAMED = 5


def published_views(
    network: EvaluationNetwork, values: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Shows arrays as the authors' code names and lays them out.

    Args:
        network: Built `EvaluationNetwork`.
        values: Array for each of `network.variables`, by `variable.path`: weights, or
            gradients of those that are trained.

    Returns:
        Dictionary of views by name: writing to one writes to `values`.

    Raises:
        ValueError: If a primitive has no name there.
    """
    views = {}
    for unit, names in zip(network.stem_units, _STEM_NAMES[network.stem]):
        views |= _unit_views(unit, names, values)
    for index, cell in enumerate(network.cells):
        views |= _below(f"cells.{index}", _cell_views(cell, values))
    if network.auxiliary:
        head = network.auxiliary_head
        for unit, names in zip(head.units, _AUXILIARY_NAMES):
            views |= _below("auxiliary_head", _unit_views(unit, names, values))
        classifier = _dense_views(head.classifier, values)
        views |= _below("auxiliary_head", classifier)
    return views | _dense_views(network.classifier, values)


def _below(prefix, views):
    return {f"{prefix}.{name}": view for name, view in views.items()}


def _unit_views(unit, names, values):
    convolution, normalization = names
    views = {f"{convolution}.weight": _kernel_view(values[unit.kernel.path])}
    if unit.normalized:
        views |= _normalization_views(unit.normalization, normalization, values)
    return views


def _dense_views(layer, values):
    return {
        "classifier.weight": values[layer.kernel.path].T,
        "classifier.bias": values[layer.bias.path],
    }


def _cell_views(cell, values):
    views = {}
    for index, layer in enumerate(cell.preprocess):
        kernels, normalization = (
            (("conv_1", "conv_2"), "bn") if layer.reduction else (("op.1",), "op.2")
        )
        part = {
            f"{name}.weight": _kernel_view(values[kernel.path])
            for name, kernel in zip(kernels, layer.kernels)
        } | _normalization_views(layer.normalization, normalization, values)
        views |= _below(f"preprocess{index}", part)
    for index, operation in enumerate(cell.operations):
        views |= _below(f"_ops.{index}", _operation_views(operation, values))
    return views


def _operation_views(operation, values):
    if operation.kernels is None:
        return {}
    primitive = type(get_primitive(operation.primitive))
    if primitive not in _PRIMITIVE_NAMES:
        raise ValueError(
            "Received a network with an invalid primitive, expected those that the "
            f"authors' code has. Received: {operation.primitive!r}."
        )
    kernels, normalizations = _PRIMITIVE_NAMES[primitive]
    unpacked = operation.packing.unpack(values[operation.kernels.path])
    views = {
        f"{name}.weight": _kernel_view(kernel)
        for name, kernel in zip(kernels, unpacked.values())
    }
    for name, layer in zip(normalizations, operation.normalizations):
        views |= _normalization_views(layer, name, values)
    return views


def _normalization_views(layer, name, values):
    views = {
        f"{name}.weight": values[layer.scale.path],
        f"{name}.bias": values[layer.offset.path],
    }
    moments = values.get(layer.moving_moments.path)
    if moments is not None:
        views |= {
            f"{name}.running_mean": moments[0],
            f"{name}.running_var": moments[1],
        }
    return views


def _kernel_view(kernel):
    if kernel.ndim == 2:
        return kernel.T[:, :, None, None]
    depthwise = kernel.shape[-1] == 1
    return kernel.transpose((2, 3, 0, 1) if depthwise else (3, 2, 0, 1))


def assign_published_weights(
    network: EvaluationNetwork, tensors: Mapping[str, np.ndarray]
) -> None:
    """Sets all weights of a network; each tensor is used exactly once.

    Args:
        network: Built `EvaluationNetwork`.
        tensors: Dictionary of arrays by published name.

    Raises:
        UserError: If a tensor is missing, of another shape or not used; it is named,
            and nothing is set.
    """
    values = {variable.path: variable.numpy() for variable in network.variables}
    views = published_views(network, values)
    tensors = {k: v for k, v in tensors.items() if not k.endswith(_COUNTER)}
    check_tensors(tensors, {name: view.shape for name, view in views.items()})
    for name, view in views.items():
        view[...] = tensors[name]
    for variable in network.variables:
        variable.assign(values[variable.path])


def check_tensors(
    tensors: Mapping[str, np.ndarray], shapes: Mapping[str, tuple[int, ...]]
) -> None:
    """Refuses tensors that are not exactly those that a network needs.

    Args:
        tensors: Dictionary of arrays by published name.
        shapes: Dictionary of the shapes that are needed, by the same names.

    Raises:
        UserError: If a tensor is missing, of another shape or not used; it is named.
    """
    problems = [
        f"{problem}: {_listed(names)}"
        for problem, names in (
            ("the weights lack what it needs", shapes.keys() - tensors.keys()),
            ("it has no place for", tensors.keys() - shapes.keys()),
        )
        if names
    ]
    if problems:
        raise UserError(f"For the genotype's network {'; '.join(problems)}.")
    for name, shape in shapes.items():
        if tensors[name].shape != tuple(shape):
            raise UserError(
                f"The tensor {name} has the shape {tensors[name].shape}, but the "
                f"genotype's network needs {tuple(shape)}."
            )


def _listed(names):
    more = len(names) - _MAX_NAMED
    first = ", ".join(sorted(names)[:_MAX_NAMED])
    return f"{first} and {more} more" if more > 0 else first


def network_for(
    tensors: Mapping[str, np.ndarray],
    genotype: Genotype,
    image_size: int | None = None,
    dtype: str | keras.DTypePolicy | None = None,
) -> EvaluationNetwork:
    """Makes the network to which published weights belong, with these weights.

    Number of cells, channels and classes, the stem and whether there is an auxiliary
    head follow from the weights.

    Args:
        tensors: Dictionary of arrays by published name.
        genotype: The `Genotype` whose cells the weights are of.
        image_size: Height and width of the images; default is 32, and 224 with the
            stem for ImageNet.
        dtype: Data type or policy of the network.

    Returns:
        The `EvaluationNetwork`.

    Raises:
        UserError: If they are not weights of this genotype's network.
    """
    stem = "cifar" if "stem.0.weight" in tensors else "imagenet"
    first, last = (f"{_STEM_NAMES[stem][i][0]}.weight" for i in (0, -1))
    shapes = [
        np.shape(tensors.get(name, 0)) for name in (first, last, "classifier.weight")
    ]
    cells = {m[1] for m in map(re.compile(r"cells\.(\d+)\.").match, tensors) if m}
    ranks = [len(shape) for shape in shapes]
    if not cells or ranks != [4, 4, 2] or 0 in map(math.prod, shapes):
        raise UserError(
            "Expected the weights of a DARTS evaluation network, with a stem, cells "
            f"and a classifier. Received: {_listed(tensors) or 'nothing'}."
        )
    if image_size is None:
        image_size = 32 if stem == "cifar" else 224
    try:
        network = EvaluationNetwork(
            genotype,
            num_classes=shapes[2][0],
            init_channels=shapes[1][0] // (3 if stem == "cifar" else 1),
            num_cells=len(cells),
            stem=stem,
            auxiliary="auxiliary_head.classifier.weight" in tensors,
            dtype=dtype,
        )
        _require_weights(tensors, _least_weights(network, shapes[0][1]))
        network.build((None, image_size, image_size, shapes[0][1]))
        assign_published_weights(network, tensors)
    except UserError:
        raise
    except ValueError as error:
        raise UserError(str(error)) from error
    return network


def _least_weights(network, input_channels):
    """Returns a number of weights that a network surely has, before it is built."""
    stem, last = network.stem_units[0], network.cells[-1]
    in_cells = sum(
        # A cell reads at least half as many channels as it has.
        cell.channels**2 // 2
        + sum(operation.packing.size for operation in cell.operations)
        for cell in network.cells
    )
    in_stem = stem.size**2 * input_channels * stem.filters
    return in_stem + in_cells + last.channels * network.num_classes


def _require_weights(tensors, least):
    count = sum(np.size(tensor) for tensor in tensors.values())
    if count < least:
        raise UserError(
            "The names and shapes of the weights are those of a network with "
            f"{least:,} weights or more, but there are {count:,}."
        )
