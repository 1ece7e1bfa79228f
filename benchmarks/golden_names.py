"""Arrays of a search network under the names and in the layout of the golden files.

Those are the names of the published PyTorch code: `cells.3._ops.7._ops.4.op.1.weight`
is the first kernel of primitive 4 on edge 7 of cell 3.
"""

from darts_tf.space.topology import edge_index

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


def golden_views(network, values):
    """Shows arrays of the shapes of a network's weights as the golden files do.

    Args:
        network: Built `SearchNetwork`.
        values: List of arrays like `network.weights_w`: weights or gradients.

    Returns:
        Dictionary of views by name: writing to one writes to `values`.
    """
    by_variable = {id(v): a for v, a in zip(network.weights_w, values)}

    def array(variable):
        return by_variable[id(variable)]

    views = {
        "stem.0.weight": _convolution(array(network.stem_convolution.kernel)),
        "stem.1.weight": array(network.stem_normalization.scale),
        "stem.1.bias": array(network.stem_normalization.offset),
        "classifier.weight": array(network.classifier.kernel).T,
        "classifier.bias": array(network.classifier.bias),
    }
    for index, cell in enumerate(network.cells):
        for name, view in _cell_views(cell, array).items():
            views[f"cells.{index}.{name}"] = view
    return views


def _cell_views(cell, array):
    views = {}
    for index, preprocess in enumerate(cell.preprocess):
        names = ("conv_1", "conv_2") if preprocess.reduction else ("op.1",)
        for name, kernel in zip(names, preprocess.kernels):
            views[f"preprocess{index}.{name}.weight"] = _pointwise(array(kernel))
    for source, mixed_op in enumerate(cell.mixed_ops):
        edges = mixed_op.named_kernels(array(mixed_op.kernels))
        for node, edge in zip(cell.targets(source), edges):
            for (primitive, kernel), view in edge.items():
                column = cell.primitives.index(primitive)
                name = f"_ops.{edge_index(node, source)}._ops.{column}"
                layout = _pointwise if view.ndim == 2 else _depthwise
                views[f"{name}.{KERNEL_NAMES[kernel]}.weight"] = layout(view)
    return views


def _convolution(kernel):
    return kernel.transpose(3, 2, 0, 1)


def _depthwise(kernel):
    return kernel.transpose(2, 3, 0, 1)


def _pointwise(kernel):
    return kernel.T[:, :, None, None]


def load_golden_weights(network, golden):
    """Sets all weights and alphas from an opened golden file; each exactly once."""
    values = [variable.numpy() for variable in network.weights_w]
    views = golden_views(network, values)
    names = {
        key.removeprefix("param/")
        for key in golden
        if key.startswith("param/") and ".running_" not in key
    }
    assert names == views.keys()
    for name, view in views.items():
        view[...] = golden[f"param/{name}"]
    for variable, value in zip(network.weights_w, values):
        variable.assign(value)
    for alpha, kind in zip(network.alphas, network.space.kinds, strict=True):
        alpha.assign(golden[f"alphas_{kind}"])
