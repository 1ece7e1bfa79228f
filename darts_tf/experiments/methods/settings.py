"""Settings of the search method: a published one by name, and each of its parts."""

from typing import Any, ClassVar

from darts_tf.errors import UserError
from darts_tf.experiments.methods.defaults import (
    following_the_method,
    get_preset_for,
    method_help,
)
from darts_tf.experiments.methods.parts import (
    perturbation_of,
    relaxation_of,
    selection_of,
    terms_of,
)
from darts_tf.limits import MAX_COUNT
from darts_tf.method.decisions import Decisions, Pruning, check_decidable
from darts_tf.method.freezing import Freezing
from darts_tf.method.methods import ALPHA_FIRST, UPDATE_ORDERS, SearchMethod
from darts_tf.method.schedule import Schedule, Stage
from darts_tf.method.slots import Edge
from darts_tf.method.stops import STOPS, Stop, stop_of
from darts_tf.settings import Settings, setting
from darts_tf.space.search_space import SearchSpace

_GROUP = "Variants of DARTS"
# Relaxations whose coefficients are shares of an edge, in each draw.
_SHARES = ("softmax", "annealed", "gumbel", "dirichlet")


def method_part(default: Any, help: str, **more: Any) -> Any:
    """Returns the field of a setting of a method; arguments as `setting`."""
    return setting(default, help, group=_GROUP, added=True, **more)


class MethodSettings(Settings):
    """Settings of the search method.

    `method` sets the defaults of all others, also where the constructor gets it: what
    it does not get is then as `darts_tf.search` has it. `dataclasses.replace` gives it
    all settings, so that there `method` is a name alone.

    Raises:
        UserError: If parts do not fit together.
    """

    # Which searches these are, for the presets.
    search_kind: ClassVar[str]

    method: str = setting(
        "darts",
        method_help("convolutional"),
        group="Method",
        added=True,
    )
    relaxation: str = method_part(
        "softmax",
        "From alpha to the weights of the operations. softmax; sigmoid (FairDARTS); "
        "gumbel, softmax with noise (SNAS); gumbel_hard, one drawn operation (GDAS); "
        "dirichlet, a draw (DrNAS); annealed, softmax with a temperature (ASAP).",
        choices=(
            "softmax",
            "sigmoid",
            "gumbel",
            "gumbel_hard",
            "dirichlet",
            "annealed",
        ),
    )
    temperature: float = method_part(
        1.0,
        "Temperature of the relaxation in the first epoch: gumbel, gumbel_hard and "
        "annealed.",
        above=0.0,
    )
    temperature_last: float = method_part(
        1.0,
        "Temperature in the last epoch; in between it changes linearly, and for "
        "annealed by a constant factor.",
        above=0.0,
    )
    update_order: str = method_part(
        ALPHA_FIRST, "Which of alpha and w a step moves first.", choices=UPDATE_ORDERS
    )
    levels: int = method_part(
        2,
        "Number of levels. 2: alpha descends the validation loss; 1: alpha and w "
        "descend the training loss at once (SNAS), which has no second order.",
        least=1,
        most=2,
    )
    zero_one_weight: float = method_part(
        0.0,
        "Weight in alpha's loss of the term that drives the sigmoids of alpha to 0 or "
        "1 (FairDARTS: 10).",
        least=0.0,
    )
    zero_one_form: str = method_part(
        "square",
        "Form of the term of `zero_one_weight`.",
        choices=("square", "absolute"),
    )
    logsumexp_growth: float = method_part(
        0.0,
        "Weight in alpha's loss of the log sum exp of alpha: what it grows by in each "
        "epoch, from 0 on (beta-DARTS: 0.5).",
        least=0.0,
    )
    divergence_weight: float = method_part(
        0.0,
        "Weight in alpha's loss of the divergence of the Dirichlet distributions from "
        "the uniform one (DrNAS: 0.001, in place of the decay of alpha).",
        least=0.0,
    )
    entropy_weight: float = method_part(
        0.0, "Weight in alpha's loss of the entropy of softmax(alpha)."
    )
    perturbation: str = method_part(
        "none",
        "Where a gradient is taken instead of at the present values. random, "
        "adversarial: that of w at nearby weights of the operations (SDARTS); "
        "sharpness: that of alpha where its loss is higher (A2M).",
        choices=("none", "random", "adversarial", "sharpness"),
    )
    perturbation_radius: float = method_part(
        0.3,
        "Largest change of the weights of the operations at the end of the search; for "
        "sharpness, the factor of alpha's gradient.",
        least=0.0,
    )
    perturbation_first_radius: float = method_part(
        0.03, "Largest change in the first epoch; it grows linearly.", least=0.0
    )
    perturbation_steps: int = method_part(
        7, "Number of adversarial steps.", least=1, most=1000
    )
    frozen_epochs: int = method_part(
        0,
        "Number of epochs at the beginning of the search, and of each stage, in which "
        "only w moves.",
        least=0,
        most=MAX_COUNT,
    )
    selection: str = method_part(
        "strongest",
        "Choice of the genotype. strongest: the strongest two edges of a node; "
        "pairs: the two strongest pairs of operation and source, which may share the "
        "source (GDAS); threshold: of the strongest those above `selection_threshold` "
        "(FairDARTS); threshold_edge: up to two such on every edge; few_skips: at most "
        "`most_skips` in the normal cell (P-DARTS).",
        choices=("strongest", "pairs", "threshold", "threshold_edge", "few_skips"),
    )
    selection_threshold: float = method_part(
        0.85,
        "Least strength of an operation, for threshold and threshold_edge.",
        least=0.0,
        most=1.0,
    )
    most_skips: int = method_part(
        2,
        "Most skip connections of a normal cell, for few_skips.",
        least=0,
        most=1000,
    )
    stop: tuple[str, ...] = method_part(
        (),
        "Rules that end the search early. skip_connections: two in the normal cell; "
        "stable_ranking: ten epochs without a change in the order of alpha (DARTS+). "
        "Beside them, see `eigenvalue`.",
        choices=tuple(STOPS),
    )
    pruning_threshold: float = method_part(
        0.0,
        "Before each epoch an operation leaves for good whose weight is below this, "
        "divided by the number of operations left on its edge (ASAP: 0.4; 0: never). "
        "The search ends when every edge has one.",
        least=0.0,
        most=1.0,
    )
    pruning_grace: int = method_part(
        0,
        "Number of epochs at the beginning in which no operation leaves.",
        least=0,
        most=MAX_COUNT,
    )
    arch_beta_1: float = method_part(
        0.5, "First decay rate of alpha's Adam.", least=0.0, most=0.999999
    )
    arch_beta_2: float = method_part(
        0.999, "Second decay rate of alpha's Adam.", least=0.0, most=0.999999
    )
    arch_gradient_clip: float | None = method_part(
        None,
        "Norm of alpha's gradient beyond which it is scaled down to that norm; default "
        "is none.",
        least=1e-6,
    )
    clip_with_alpha: bool = method_part(
        False,
        "Whether the gradient of w is clipped by the norm of the gradients of alpha "
        "and w together (GDAS).",
    )

    def __init_subclass__(cls, **more):
        super().__init_subclass__(**more)
        cls.__init__ = following_the_method(cls.__init__)

    @classmethod
    def defaults_with(cls, values: dict[str, Any]) -> dict[str, Any]:
        preset = get_preset_for(values["method"], cls.search_kind)
        return {
            **super().defaults_with(values),
            **preset.settings_for(cls.search_kind),
        }

    def __post_init__(self):
        super().__post_init__()
        get_preset_for(self.method, self.search_kind)
        self.search_method()
        if self.levels == 1 and self.order == "second":
            raise UserError(
                "`order`=second has no meaning with `levels`=1, where one gradient "
                "moves alpha and w; give `order`=first."
            )
        if self.clip_with_alpha and self.perturbation in ("random", "adversarial"):
            raise UserError(
                "`clip_with_alpha` needs the gradient of alpha in the step of w, which "
                f"`perturbation`={self.perturbation} has none of; leave one of them."
            )
        if self.perturbation == "sharpness" and self.relaxation == "dirichlet":
            raise UserError(
                "`perturbation`=sharpness takes second derivatives of the relaxation, "
                "which a draw of `relaxation`=dirichlet has not; leave one of them."
            )
        if self.pruning_threshold and self.relaxation not in _SHARES:
            raise UserError(
                "`pruning_threshold` compares shares of an edge, which the weights of "
                f"`relaxation`={self.relaxation} are not; leave one of them."
            )

    def check_decisions(self, setting: str, space: SearchSpace) -> None:
        """Refuses operations on which a decision for good must not fall.

        Args:
            setting: Name of the setting that lists the operations.
            space: The search space.

        Raises:
            UserError: If an edge could be left with one that no cell can have.
        """
        if self._decisions() is None:
            return
        try:
            check_decidable(space)
        except ValueError as error:
            raise UserError(
                f"`{setting}`: the method {self.method} leaves each edge with one of "
                f"them, which must not be none; leave that out. {error}"
            ) from error

    def search_method(self) -> SearchMethod:
        """Returns the `SearchMethod` that the settings describe.

        Raises:
            UserError: If parts do not fit together.
        """
        stages = self._stages()
        try:
            return SearchMethod(
                name=self.method,
                relaxation=relaxation_of(self),
                edge=self._edge(),
                terms=terms_of(self),
                perturbation=perturbation_of(self),
                schedule=Schedule(self.frozen_epochs, stages),
                selection=selection_of(self),
                stop=self._stop(),
                update_order=self.update_order,
                levels=self.levels,
                decisions=self._decisions(),
                freezing=self._freezing(),
            )
        except ValueError as error:
            raise UserError(f"The parts of the method do not fit: {error}") from error

    def _edge(self) -> Edge:
        return SearchMethod().edge

    def _stages(self) -> tuple[Stage, ...]:
        return ()

    def _stop(self) -> Stop | None:
        return stop_of(
            self.stop,
            decides=self._decisions() is not None,
            by_eigenvalue=self.eigenvalue == "stop",
        )

    def _freezing(self) -> Freezing | None:
        return None

    def _decisions(self) -> Decisions | None:
        if not self.pruning_threshold:
            return None
        return Pruning(self.pruning_threshold, self.pruning_grace)
