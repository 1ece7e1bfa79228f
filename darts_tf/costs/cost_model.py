"""What a network is the sum of, and the base of all numbers that say what it costs."""

import abc
import dataclasses
from collections.abc import Iterable
from typing import ClassVar

LAYERS = (
    OPERATION,
    STEM,
    PREPROCESS,
    RESIDUAL,
    LAST_NORMALIZATION,
    CLASSIFIER,
    OUTPUT,
    CALL,
) = (
    "operation",
    "stem",
    "preprocess",
    "residual",
    "last_normalization",
    "classifier",
    "output",
    "call",
)
# Those that are no layers of Keras: they take time, and nothing else.
WITHOUT_LAYER = (OUTPUT, CALL)

# Height, width and channels.
Shape = tuple[int, int, int]


@dataclasses.dataclass(frozen=True, order=True)
class NetworkPart:
    """A layer of a derived network with its sizes, by which alone a cost is found.

    `part_layers.make_layer` makes the layer. Equal parts cost the same, wherever in a
    network they are.

    Attributes:
        layer: One of `LAYERS`: `"operation"`, the operation of an edge; `"stem"`, a 3x3
            convolution before the cells; `"preprocess"`, one through which a cell takes
            an input; `"residual"`, a `ResidualBlock`; `"last_normalization"`;
            `"classifier"`, the mean over all pixels and the dense layer; `"output"`,
            what a cell makes of states, each of `inputs` channels; or `"call"`, what a
            network takes beside its layers.
        primitive: Name of the operation, empty for other layers.
        stride: 1, or 2 where height and width are halved.
        inputs: Number of channels of the input.
        channels: Number of channels of the output; of a classifier the classes.
        height, width: Those of the input in pixels.
        padding: Of a stem's convolution, `"same"` or `"valid"`.
        relu: Whether a stem's convolution or a preprocessing takes the positive part of
            its input itself, or that of an output is taken.
        bias: Whether a classifier has one.
    """

    layer: str
    primitive: str
    stride: int
    inputs: int
    channels: int
    height: int
    width: int
    padding: str = "same"
    relu: bool = False
    bias: bool = True

    @property
    def input_shape(self) -> tuple[None, int, int, int]:
        """Shape of the one tensor that the layer takes, with any number of images."""
        return (None, self.height, self.width, self.inputs)

    @property
    def output(self) -> Shape:
        """Height, width and channels of the output; of a classifier 1, 1, classes."""
        if self.layer == CLASSIFIER:
            return 1, 1, self.channels
        lost = 0 if self.padding == "same" else 2
        sides = (-(-(x - lost) // self.stride) for x in (self.height, self.width))
        return (*sides, self.channels)


class CostModel(abc.ABC):
    """What a part of a network costs for one image; a network costs their sum.

    Attributes:
        name: What the setting `cost` calls it.
        unit: Unit of the numbers that a user gives and reads, and what it counts, for
            instance `"M mult-adds"`.
        per_unit: How many of what `of_part` returns are one `unit`.
    """

    name: ClassVar[str]
    unit: ClassVar[str]
    per_unit: ClassVar[float] = 1.0

    @abc.abstractmethod
    def of_part(self, part: NetworkPart) -> float:
        """Returns the cost of a part: a count, or milliseconds.

        Args:
            part: The part.

        Raises:
            UserError: If there is no number for it, as in a table that lacks it.
        """

    def of_parts(self, parts: Iterable[NetworkPart]) -> float:
        """Returns the sum of the costs of parts, each as often as it comes."""
        return sum(map(self.of_part, parts))

    def in_units(self, cost: float) -> float:
        """Returns a cost in the unit that a user reads."""
        return cost / self.per_unit
