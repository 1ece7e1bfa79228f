"""Colors of primitives and activations, the same in cell drawings and in curves."""

import colorsys
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import matplotlib.colors


class Kind(NamedTuple):
    """A kind of primitive.

    Attributes:
        name: What a legend calls it.
        color: Color of its edges, as `#rrggbb`.
    """

    name: str
    color: str


SKIP = Kind("skip connection", "#d9730d")
POOLING = Kind("pooling", "#23875a")
SEPARABLE = Kind("separable conv.", "#2563b8")
DILATED = Kind("dilated conv.", "#8a3fb0")
FULL = Kind("full conv.", "#b0345f")
OTHER = Kind("other", "#5f6875")
KINDS = (SKIP, POOLING, SEPARABLE, DILATED, FULL, OTHER)
_ACTIVATION_KINDS = {
    "tanh": Kind("tanh", "#2563b8"),
    "relu": Kind("relu", "#23875a"),
    "sigmoid": Kind("sigmoid", "#8a3fb0"),
    "identity": Kind("identity", "#d9730d"),
}


def kind_of(primitive: str) -> Kind:
    """Returns the `Kind` of a primitive or an activation, judged by its name."""
    if primitive in _ACTIVATION_KINDS:
        return _ACTIVATION_KINDS[primitive]
    if primitive.startswith("skip"):
        return SKIP
    if "pool" in primitive:
        return POOLING
    if primitive.startswith(("sep_conv", "dep_conv")):
        return SEPARABLE
    if primitive.startswith(("dil_conv", "dil_sep_conv")):
        return DILATED
    if primitive.startswith(("conv", "nor_conv", "bottleneck")):
        return FULL
    return OTHER


def line_styles(primitives: Sequence[str]) -> list[dict]:
    """Returns how to draw one line a primitive so that all can be told apart.

    Args:
        primitives: Names of primitives.

    Returns:
        A list of keyword arguments of `Axes.plot`. The color follows the kind; within
        a kind, later primitives are lighter, and every other one is dashed.
    """
    seen = Counter()
    styles = []
    for primitive in primitives:
        kind = kind_of(primitive)
        rank = seen[kind]
        seen[kind] += 1
        dashes = "--" if rank % 2 else "-"
        styles.append({"color": _lighter(kind.color, rank), "linestyle": dashes})
    return styles


def _lighter(color, rank):
    red_green_blue = matplotlib.colors.to_rgb(color)
    hue, lightness, saturation = colorsys.rgb_to_hls(*red_green_blue)
    lightness += (0.72 - lightness) * (1 - 0.65**rank)
    return matplotlib.colors.to_hex(colorsys.hls_to_rgb(hue, lightness, saturation))
