"""Recurrent cells written out edge by edge in numpy, to compare with."""

import numpy as np

FUNCTIONS = {
    "tanh": np.tanh,
    "relu": lambda x: np.maximum(x, 0),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "identity": lambda x: x,
}


def gated(state, read, kernel, name):
    c, t = np.split(read @ kernel, 2, axis=1)
    return state + FUNCTIONS["sigmoid"](c) * (FUNCTIONS[name](t) - state)


def normalized(x):
    return (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-5)


def search_step(cell, x, h, x_mask=1, h_mask=1):
    """Next state of a `SearchCell`, in float64."""
    w0, *kernels = _values([cell.input_kernel, *cell.node_kernels])
    (alpha,) = _values(cell.alphas)
    coefficients = np.exp(alpha) / np.exp(alpha).sum(1, keepdims=True)
    joined = np.concatenate([x * x_mask, h * h_mask], 1)
    states = [normalized(gated(h, joined, w0, "tanh"))]
    rows = iter(coefficients)
    for kernel in kernels:
        node = 0
        for state in states:
            for name, coefficient in zip(cell.activations, next(rows)):
                if name != "none":
                    node += coefficient * gated(state, state * h_mask, kernel, name)
        states.append(normalized(node))
    return np.mean(states[1:], 0)


def evaluation_step(cell, x, h, x_mask=1, h_mask=1):
    """Next state of an `EvaluationCell`, in float64."""
    w0, *kernels = _values([cell.input_kernel, *cell.node_kernels])
    joined = np.concatenate([x * x_mask, h * h_mask], 1)
    states = [gated(h, joined, w0, "tanh")]
    for edge, kernel in zip(cell.genotype.nodes, kernels):
        source = states[edge.source]
        states.append(gated(source, source * h_mask, kernel, edge.primitive))
    return np.mean([states[state] for state in cell.genotype.mean], 0)


def _values(variables):
    return [variable.numpy().astype("float64") for variable in variables]
