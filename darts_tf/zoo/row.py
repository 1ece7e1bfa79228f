"""A row of the tables, as data: a network and what was published of it."""

import dataclasses
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import keras

from darts_tf.errors import UserError, invalid_value
from darts_tf.registry import check_identifier

CIFAR10, IMAGENET, PENN_TREEBANK = "cifar10", "imagenet2012", "ptb"
DATASETS = (CIFAR10, IMAGENET, PENN_TREEBANK)
IMAGE_SHAPES = {CIFAR10: (32, 32, 3), IMAGENET: (224, 224, 3)}


@dataclasses.dataclass(frozen=True)
class Published:
    """What the table says of a network; `None` where it says nothing.

    Attributes:
        error: Error on the test images in percent, or perplexity of the test text.
        deviation: Standard deviation of `error` over trainings.
        other_error: The error of the five best guesses in percent on ImageNet,
            perplexity of the validation text on the Penn Treebank.
        weights: Number of weights in millions.
        multiply_adds: Multiplications and additions as one for an image, in millions.
        search_days: Cost of the search in GPU days, or in words.
        operations: Number of operations that the search chose from.
        search_method: In words, for instance `"evolution"`.
        approximate: Names of those of the figures that the table calls approximate.
    """

    error: float | None = None
    deviation: float | None = None
    other_error: float | None = None
    weights: float | None = None
    multiply_adds: float | None = None
    search_days: float | str | None = None
    operations: int | None = None
    search_method: str = "manual"
    approximate: tuple[str, ...] = ()

    def text(self, name: str, form: str = "g") -> str:
        """Returns a figure as the table prints it, or nothing where it has none.

        Args:
            name: The attribute.
            form: Format of a number.
        """
        value = getattr(self, name)
        if value is None or isinstance(value, str):
            return value or ""
        return f"{'~' if name in self.approximate else ''}{value:{form}}"


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclasses.dataclass(frozen=True)
class Row:
    """A published network.

    Args:
        name: A lower-case identifier, which ends with the data it is for, for instance
            `"darts_v2_cifar10"`.
        title: What the table calls it.
        dataset: One of `DATASETS`.
        source: The paper that the network is from, in words.
        published: The figures of the table.
        make: Function that returns the network, not yet built. Its arguments, all of
            them keywords, have the published sizes as defaults. Those for images take
            `num_classes` and `dtype` at least, those for text `vocabulary_size`,
            `hidden_size`, `dropout` and `seed`.
        weights: Number of weights that the layer lists of the paper give, or the least
            and the most where they leave something open.
        multiply_adds: The same of mult-adds, in millions.
        reason: Why there is no network, where `make` is `None`.
        training: Settings of the training by name, as the paper has them; they hold
            where a user gives no others.
        place: Number of its line in the table, counted from 1; `None` for a row that no
            table has, which comes after them.
        baseline: Name of the row of random search in the same space, trained in the
            same way; empty where there is none.

    Raises:
        ValueError: If the name is no identifier, the data are unknown, there is
            neither a network nor a reason, or the place is none.
    """

    name: str
    title: str
    dataset: str
    source: str
    published: Published
    make: Callable[..., keras.Model] | None = None
    weights: int | tuple[int, int] | None = None
    multiply_adds: float | None = None
    reason: str = ""
    training: Mapping[str, Any] = dataclasses.field(
        default_factory=_nothing, hash=False
    )
    place: int | None = None
    baseline: str = ""

    def __post_init__(self):
        check_identifier(self.name)
        if self.dataset not in DATASETS:
            expected = f"one of {', '.join(DATASETS)}"
            raise invalid_value("dataset", expected, self.dataset)
        if (self.make is None) != bool(self.reason):
            expected = "a text where there is no network, and only there"
            raise invalid_value("reason", expected, self.reason)
        if self.place is not None and (type(self.place) is not int or self.place < 1):
            raise invalid_value("place", "an integer from 1 up", self.place)

    def build(self, **sizes) -> keras.Model:
        """Returns the network, not yet built.

        Args:
            **sizes: Sizes other than the published ones, see `make`.

        Raises:
            UserError: If the network is not public.
        """
        if self.make is None:
            raise UserError(f"There is no network {self.name}: {self.reason}")
        return self.make(**sizes)

    def built(self, **sizes: Any) -> keras.Model:
        """Returns the network, built for the images of its data, or for texts.

        Args:
            **sizes: See `build`.

        Raises:
            UserError: If the network is not public.
        """
        network = self.build(**sizes)
        if self.dataset == PENN_TREEBANK:
            network.build()
        else:
            network.build((None, *IMAGE_SHAPES[self.dataset]))
        return network
