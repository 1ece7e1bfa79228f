"""ASAP: a temperature falls, and weak operations leave on the way.

No program of its authors is public. The temperature is 1.6 times .95 to the power of
the epoch, and operations leave once it is below 1; the search ends where every edge has
one operation.
"""

from darts_tf.methods.preset import WITHOUT_NONE, Preset

PRESET = Preset(
    "asap",
    "arXiv 1904.04123",
    {
        "order": "first",
        "relaxation": "annealed",
        "temperature": 1.6,
        "temperature_last": 1.6 * 0.95**49,
        "pruning_threshold": 0.4,
        "pruning_grace": 10,
    },
    convolutional={"primitives": WITHOUT_NONE},
    recurrent={"activations": ("tanh", "relu", "sigmoid", "identity")},
)
