"""Cells of the tables written out gate by gate in numpy, to compare with."""

import numpy as np

from tests.recurrent.plain_cell import FUNCTIONS

sigmoid, tanh, relu = (FUNCTIONS[name] for name in ("sigmoid", "tanh", "relu"))


def values(*variables):
    """The variables as float64 arrays."""
    return [variable.numpy().astype("float64") for variable in variables]


def lstm_step(cell, x, h, c, kernel_mask=1, h_mask=1):
    """Next h and c of an `LSTMCell`."""
    kernel, recurrent = values(cell.kernel, cell.recurrent_kernel)
    bias = sum(values(*cell.biases))
    n, product = cell.units, x @ kernel + (h * h_mask) @ (recurrent * kernel_mask)
    gates = product + bias
    i, f, o = (sigmoid(gates[:, k * n : (k + 1) * n]) for k in (0, 1, 3))
    if cell.caps_input_gate:
        i = np.where(i + f > 1, 1 - f, i)
    c = f * c + i * tanh(gates[:, 2 * n : 3 * n])
    return o * tanh(c), c


def nas_step(cell, x, h, c, kernel_mask=1, h_mask=1):
    """Next h and c of a `NASCell`, node by node as the tree of its paper."""
    kernel, recurrent = values(cell.kernel, cell.recurrent_kernel)
    n = cell.units
    a = [x @ kernel[:, k * n : (k + 1) * n] for k in range(8)]
    recurrent = recurrent * kernel_mask
    b = [(h * h_mask) @ recurrent[:, k * n : (k + 1) * n] for k in range(8)]
    leaves = [
        sigmoid(a[0] + b[0]),
        relu(a[1] + b[1]),
        sigmoid(a[2] + b[2]),
        relu(a[3] * b[3]),
        tanh(a[4] + b[4]),
        sigmoid(a[5] + b[5]),
        tanh(a[6] + b[6]),
        sigmoid(a[7] + b[7]),
    ]
    first, second = tanh(leaves[0] * leaves[1]), tanh(leaves[2] + leaves[3])
    third, fourth = tanh(leaves[4] * leaves[5]), sigmoid(leaves[6] + leaves[7])
    c = tanh(first + c) * second
    return tanh(c * tanh(third + fourth)), c


def highway_step(cell, x, s, x_mask=1, h_mask=1):
    """Next state of a `HighwayCell`, with matrices of H and T by themselves."""
    first, *others = values(cell.input_kernel, *cell.node_kernels)
    inputs, first = first[: x.shape[1]], first[x.shape[1] :]
    n = cell.units
    for layer, kernel in enumerate([first, *others]):
        bias = values(cell.biases[layer])[0]
        read = s * h_mask
        t, h = read @ kernel[:, :n] + bias[:n], read @ kernel[:, n:] + bias[n:]
        if layer == 0:
            t = t + (x * x_mask) @ inputs[:, :n]
            h = h + (x * x_mask) @ inputs[:, n:]
        s = tanh(h) * sigmoid(t) + s * (1 - sigmoid(t))
    return s


def spread(layer, seed=2):
    """Gives all weights of a layer values that make every gate matter."""
    random = np.random.default_rng(seed)
    for variable in layer.trainable_variables:
        variable.assign(random.normal(size=variable.shape) / 2)
    return layer
