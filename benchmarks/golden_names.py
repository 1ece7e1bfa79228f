"""Arrays of a search network under the names and in the layout of the golden files.

Those are the names of the published PyTorch code: `cells.3._ops.7._ops.4.op.1.weight`
is the first kernel of primitive 4 on edge 7 of cell 3.
"""

import numpy as np

# Kernel of a primitive -> its name below `cells.K._ops.E._ops.P.`.
KERNEL_NAMES = {
    "depthwise_1": "op.1",
    "pointwise_1": "op.2",
    "depthwise_2": "op.5",
    "pointwise_2": "op.6",
    "depthwise": "op.1",
    "pointwise": "op.2",
    "even": "conv_1",
    "odd": "conv_2",
}
# Part of a primitive's name -> its normalizations below the same, in call order.
_NORMALIZATIONS = {
    "pool": ("1",),
    "skip_connect": ("bn",),
    "sep_conv": ("op.3", "op.7"),
    "dil_conv": ("op.3",),
}


def golden_views(network, values, of_ends=None):
    """Shows arrays of the shapes of a network's weights as the golden files do.

    Args:
        network: Built `SearchNetwork`.
        values: List of arrays like `network.weights_w`: weights or gradients.
        of_ends: What serves a network with another stem or head in place of
            `stem_views`.

    Returns:
        Dictionary of views by name: writing to one writes to `values`.
    """
    by_variable = {id(v): a for v, a in zip(network.weights_w, values)}

    def array(variable):
        return by_variable[id(variable)]

    views = {
        **(of_ends or stem_views)(network, array),
        "classifier.weight": array(network.classifier.kernel).T,
        "classifier.bias": array(network.classifier.bias),
    }
    for index, cell in enumerate(network.cells):
        for name, view in _cell_views(cell, array).items():
            views[f"cells.{index}.{name}"] = view
    return views


def stem_views(network, array):
    """The views of the stem.

    Args:
        network: Built `SearchNetwork`.
        array: Function of a variable that returns its array.
    """
    return {
        "stem.0.weight": convolution_view(array(network.stem_convolution.kernel)),
        "stem.1.weight": array(network.stem_normalization.scale),
        "stem.1.bias": array(network.stem_normalization.offset),
    }


def _cell_views(cell, array):
    views = {}
    for index, preprocess in enumerate(cell.preprocess):
        names = ("conv_1", "conv_2") if preprocess.reduction else ("op.1",)
        for name, kernel in zip(names, preprocess.kernels):
            views[f"preprocess{index}.{name}.weight"] = _pointwise(array(kernel))
    for fan, layer in zip(cell.fans, cell.mixed_ops):
        for mixed_op, column_name in _mixed_ops(layer):
            edges = mixed_op.named_kernels(array(mixed_op.kernels))
            for node, edge in zip(fan.nodes, edges):
                edge_name = f"_ops.{cell.space.row(node, fan.source)}"
                for (primitive, kernel), view in edge.items():
                    name = f"{edge_name}.{column_name(primitive)}"
                    layout = _pointwise if view.ndim == 2 else _depthwise
                    views[f"{name}.{KERNEL_NAMES[kernel]}.weight"] = layout(view)
    return views


def _mixed_ops(layer):
    """The `MixedOp`s within the layer of a fan of edges, each with a function.

    The function gives the name of a primitive below that of the edge.
    """
    pairs = []
    while not hasattr(layer, "primitives"):
        if hasattr(layer, "skip"):
            pairs.append((layer.skip, lambda primitive: "auxiliary_op"))
        layer = layer.mixed_op
    names = layer.primitives
    return [*pairs, (layer, lambda primitive: f"_ops.{names.index(primitive)}")]


def convolution_view(kernel):
    """Shows the kernel of a full convolution as the golden files do."""
    return kernel.transpose(3, 2, 0, 1)


def _depthwise(kernel):
    return kernel.transpose(2, 3, 0, 1)


def _pointwise(kernel):
    return kernel.T[:, :, None, None]


def load_golden_weights(network, golden, views=golden_views):
    """Sets all weights and alphas from an opened golden file; each exactly once.

    Args:
        network: Built `SearchNetwork`.
        golden: The file.
        views: `golden_views`, or what serves a network with other parts.
    """
    values = [variable.numpy() for variable in network.weights_w]
    named = views(network, values)
    names = {
        key.removeprefix("param/")
        for key in golden
        if key.startswith("param/") and ".running_" not in key
    }
    assert names == named.keys()
    for name, view in named.items():
        view[...] = golden[f"param/{name}"]
    for variable, value in zip(network.weights_w, values):
        variable.assign(value)
    for variable, name in zip(network.alphas, golden_alphas(network), strict=True):
        variable.assign(golden[name])


def golden_alphas(network):
    """Names of the architecture parameters, in the order of `network.alphas`."""
    names = [variable.name.partition("_") for variable in network.alphas]
    return [f"{name}s_{kind}" for name, _, kind in names]


def load_golden_statistics(network, golden):
    """Sets the moving statistics of a network of plain edges from an opened file."""
    _assign_moments(network.stem_normalization, golden, ["param/stem.1"])
    for index, cell in enumerate(network.cells):
        for source, preprocess in enumerate(cell.preprocess):
            name = "bn" if preprocess.reduction else "op.2"
            names = [f"param/cells.{index}.preprocess{source}.{name}"]
            _assign_moments(preprocess.normalization, golden, names)
        for fan, mixed_op in zip(cell.fans, cell.mixed_ops):
            edge_type = mixed_op.edge_type
            rows = [cell.space.row(node, fan.source) for node in fan.nodes]
            # What the edges share has the statistics of the first one.
            groups = [(rows[0], edge_type.shared)]
            groups += [(row, edge_type.own) for row in rows]
            names = [
                f"param/cells.{index}._ops.{row}.{name}"
                for row, group in groups
                for name in _normalizations(edge_type, group)
            ]
            _assign_moments(mixed_op, golden, names)


def _normalizations(edge_type, group):
    """Yields names, below an edge's, of what normalizes some of its primitives."""
    for column, (name, primitive) in group.items():
        below = next(names for key, names in _NORMALIZATIONS.items() if key in name)
        for each in below[: len(edge_type.normalized_channels(primitive))]:
            yield f"_ops.{column}.{each}"


def _assign_moments(layer, golden, names):
    moments = [
        np.concatenate([golden[f"{name}.{which}"] for name in names])
        for which in ("running_mean", "running_var")
    ]
    layer.moving_moments.assign(np.stack(moments))
