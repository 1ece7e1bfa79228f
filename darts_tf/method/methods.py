"""A search method as data: what each part of a step does, and the methods by name."""

import dataclasses

import keras

from darts_tf.errors import invalid_value
from darts_tf.method.decisions import Decisions
from darts_tf.method.freezing import Freezing
from darts_tf.method.relaxations import Relaxation, Softmax
from darts_tf.method.schedule import Schedule
from darts_tf.method.slots import (
    PACKAGE,
    Edge,
    Perturbation,
    Selection,
    Slot,
    Term,
)
from darts_tf.method.stops import Stop

ALPHA_FIRST, W_FIRST = UPDATE_ORDERS = "alpha_first", "w_first"


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class WholeEdge(Edge):
    """A mixed operation of all channels, as in DARTS."""


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class Strongest(Selection):
    """The edges and operations of largest coefficients (paper, section 2.4)."""


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class SearchMethod(Slot):
    """What a gradient-based search does in its steps, and how it ends.

    Every default is what DARTS does. Whether the gradient of the architecture is of
    first or second order is no part of it: each method has both.

    Args:
        name: What reports call it.
        relaxation: `Relaxation`, from alpha to the coefficients.
        edge: `Edge`, how mixed operations stand on the edges.
        terms: `Term`s that the architecture's loss has beside the validation loss.
        perturbation: `Perturbation` of the coefficients in the step of w, or `None`.
        schedule: `Schedule` of frozen epochs and stages.
        selection: `Selection` of the genotype.
        stop: `Stop` that may end the search early, or `None`.
        update_order: `"alpha_first"`, or `"w_first"`: which parameters a step moves
            first; the others move at their new values.
        levels: 2, or 1 for a search that moves both by the gradient of the training
            loss, at once.
        decisions: `Decisions` for good between the epochs, or `None`.
        freezing: `Freezing` of the weights of operations that overfit, or `None`.

    Raises:
        ValueError: If an argument is malformed.
    """

    name: str = "darts"
    relaxation: Relaxation = dataclasses.field(default_factory=Softmax)
    edge: Edge = dataclasses.field(default_factory=WholeEdge)
    terms: tuple[Term, ...] = ()
    perturbation: Perturbation | None = None
    schedule: Schedule = dataclasses.field(default_factory=Schedule)
    selection: Selection = dataclasses.field(default_factory=Strongest)
    stop: Stop | None = None
    update_order: str = ALPHA_FIRST
    levels: int = 2
    decisions: Decisions | None = None
    freezing: Freezing | None = None

    def __post_init__(self):
        for name, kind in (
            ("name", str),
            ("relaxation", Relaxation),
            ("edge", Edge),
            ("perturbation", Perturbation | None),
            ("schedule", Schedule),
            ("selection", Selection),
            ("stop", Stop | None),
            ("decisions", Decisions | None),
            ("freezing", Freezing | None),
        ):
            if not isinstance(getattr(self, name), kind):
                expected = f"a `{getattr(kind, '__name__', kind)}`"
                raise invalid_value(name, expected, getattr(self, name))
        if not all(isinstance(term, Term) for term in self.terms):
            raise invalid_value("terms", "a tuple of `Term`", self.terms)
        for name, choices in (
            ("update_order", UPDATE_ORDERS),
            ("levels", (1, 2)),
        ):
            if getattr(self, name) not in choices:
                raise invalid_value(name, f"one of {choices}", getattr(self, name))
        if self.levels == 1 and self.perturbation:
            expected = "`None` where `levels` is 1: both steps are one then"
            raise invalid_value("perturbation", expected, self.perturbation)
        if self.levels == 1 and self.freezing:
            expected = "`None` where `levels` is 1: it needs two gradients"
            raise invalid_value("freezing", expected, self.freezing)
        for name in ("decisions", "freezing"):
            if getattr(self, name) and self.schedule.stages:
                expected = "`None` where the schedule has stages, with other networks"
                raise invalid_value(name, expected, getattr(self, name))

    def get_config(self):
        return {
            name: keras.saving.serialize_keras_object(value)
            for name, value in super().get_config().items()
        }

    @classmethod
    def from_config(cls, config):
        parts = {k: keras.saving.deserialize_keras_object(v) for k, v in config.items()}
        return super().from_config(parts)


DARTS = SearchMethod()
