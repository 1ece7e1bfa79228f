"""What all strategies share: ask for a genotype, tell its score, keep the state."""

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np

from darts_tf.errors import UserError, invalid_value
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.space.search_space import SearchSpace

# The options of a genotype, see `SearchSpace.choices`.
Options = tuple[int, ...]

# What a strategy that must be told something is told of a genotype that is refused: an
# accuracy of 0.
WORST_SCORE = 0.0
# So many genotypes may be refused before one is tried.
MOST_REFUSED = 10_000

_KEYS = ("strategy", "settings", "choices", "asked", "random", "trials", "own")
_PAPER = "paper"
# An integer may be larger than any float.
_LARGEST = sys.float_info.max


class Trial(NamedTuple):
    """A genotype and what came of it.

    Attributes:
        genotype: The genotype.
        score: What the strategy was told, higher is better.
    """

    genotype: SavedGenotype
    score: float


class Strategy:
    """A search that proposes genotypes and learns from their scores.

    It never sees a network: who asks trains one, or looks it up. Genotypes may be asked
    for before those before them are told, and told in any order, also ones that it has
    not proposed. The same seed and the same calls give the same genotypes.

    A subclass names itself and its source, proposes genotypes in `_propose`, all
    randomness from `self._rng`, learns in `_observe`, and returns what it knows beyond
    the trials from `_own_state`, which `_restore` takes.

    Args:
        space: The `SearchSpace` of the genotypes.
        seed: Of all that is random, an integer from 0 up.
        **settings: Those of the strategy, which its `state` says.

    Attributes:
        name: A lower-case identifier.
        source: The paper that it is from, in words.
        search_method: What the published tables call such searches, `"RL"` for
            instance; empty where that is the name.
        CONFIGURATIONS: Settings by the name of whom they are from; `"paper"` has the
            defaults.
        space: The space.
        settings: Its settings, by name.
        epochs: Number of epochs for which the genotype that was asked for last is to be
            trained, where it is the strategy that says so; else `None`.
        admits: Function of a genotype that says whether it may be proposed, always the
            same of the same one, or `None` for all; whoever asks may set it.

    Raises:
        ValueError: If an argument is malformed, or the cells of the space cannot be
            chosen one choice after the other, see `cell_choices.sizes`.

    Example:

    >>> from darts_tf.space import recurrent_space
    >>> space = recurrent_space(("none", "tanh", "relu"), num_nodes=3)
    >>> strategy = get_strategy("evolution")(space, seed=1, population=5, sample=2)
    >>> for _ in range(20):
    ...     genotype = strategy.ask()
    ...     strategy.tell(genotype, genotype.cells["recurrent"].count("tanh"))
    >>> len(strategy.trials), len(strategy.population)
    (20, 5)
    """

    name: ClassVar[str]
    source: ClassVar[str]
    search_method: ClassVar[str] = ""
    epochs: int | None = None
    CONFIGURATIONS: ClassVar[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
        {_PAPER: MappingProxyType({})}
    )

    def __init__(self, space: SearchSpace, seed: int = 0, **settings: Any):
        if not isinstance(space, SearchSpace):
            raise invalid_value("space", "a `SearchSpace`", space)
        if type(seed) is not int or seed < 0:
            raise invalid_value("seed", "an integer from 0 up", seed)
        self.space = space
        self.settings = settings
        self._choices = space.choices()
        self._rng = np.random.default_rng(seed)
        self.admits: Callable[[SavedGenotype], bool] | None = None
        self._asked = 0
        self._trials: list[Trial] = []

    @classmethod
    def configured(
        cls, space: SearchSpace, seed: int = 0, configuration: str = _PAPER
    ) -> Self:
        """Makes the strategy with the settings of one of its `CONFIGURATIONS`.

        Args:
            space: The `SearchSpace` of the genotypes.
            seed: Of all that is random.
            configuration: Name of the configuration.

        Raises:
            ValueError: If there is none of this name.
        """
        if configuration not in cls.CONFIGURATIONS:
            expected = f"one of {', '.join(cls.CONFIGURATIONS)}"
            raise invalid_value("configuration", expected, configuration)
        return cls(space, seed, **cls.CONFIGURATIONS[configuration])

    def ask(self) -> SavedGenotype:
        """Returns the genotype to try next, of those that it may propose.

        Raises:
            UserError: If too many in a row are refused.
        """
        for _ in range(MOST_REFUSED):
            genotype = self._propose()
            if self.admits is None or genotype is None or self.admits(genotype):
                break
            self._refused(genotype)
        else:
            raise too_many_refused(self.name)
        self._asked += genotype is not None
        return genotype

    def tell(self, genotype: SavedGenotype, score: float) -> None:
        """Says what came of a genotype.

        Args:
            genotype: The genotype.
            score: A finite number, higher is better: for instance the accuracy on
                validation data as a fraction.

        Raises:
            ValueError: If the genotype is none of the space, or the score not finite.
        """
        options = self.space.encode(genotype)
        is_number = isinstance(score, int | float | np.number)
        if not is_number or not math.isfinite(score):
            raise invalid_value("score", "a finite number", score)
        trial = Trial(genotype, float(score))
        self._trials.append(trial)
        self._observe(trial, options)

    @property
    def trials(self) -> tuple[Trial, ...]:
        """All that it was told, in this order."""
        return tuple(self._trials)

    @property
    def best(self) -> Trial | None:
        """The trial of the highest score, the first of equal ones; `None` at first."""
        return max(self._trials, key=lambda trial: trial.score, default=None)

    @property
    def state(self) -> dict[str, Any]:
        """All that it knows, as JSON has it.

        A strategy of the same space and settings that it is assigned to goes on as this
        one would, whatever its seed. What was asked for and not told yet may be told
        to either.
        """
        return {
            "strategy": self.name,
            "settings": dict(self.settings),
            "choices": list(self._choices.values()),
            "asked": self._asked,
            "random": self._rng.bit_generator.state,
            "trials": [self._saved_trial(trial) for trial in self._trials],
            "own": self._own_state(),
        }

    @state.setter
    def state(self, state: Mapping[str, Any]) -> None:
        expected = f"the `state` of a strategy {self.name} of this space and settings"
        if not isinstance(state, Mapping) or set(state) != set(_KEYS):
            raise invalid_value("state", expected, state)
        mine = (self.name, self.settings, list(self._choices.values()))
        if tuple(state[key] for key in _KEYS[:3]) != mine:
            raise invalid_value("state", expected, {k: state[k] for k in _KEYS[:3]})
        try:
            self._rng.bit_generator.state = state["random"]
            self._trials = [self._loaded_trial(saved) for saved in state["trials"]]
            self._asked = int(state["asked"])
            self._restore(state["own"])
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise invalid_value("state", expected, state) from error

    def _propose(self) -> SavedGenotype:
        """Returns the genotype to try next."""
        raise NotImplementedError

    def _observe(self, trial: Trial, options: Options) -> None:
        """Learns from the trial that has just joined `_trials`."""

    def _refused(self, genotype: SavedGenotype) -> None:
        """Learns that a genotype is not to be tried; what was refused is no trial."""

    def _own_state(self) -> Any:
        """Returns as JSON what it knows beyond the trials."""
        return None

    def _restore(self, own: Any) -> None:
        """Takes what `_own_state` returned; the trials are there."""

    def _saved(self, genotype: SavedGenotype) -> list[int]:
        return list(self.space.encode(genotype))

    def _saved_trial(self, trial: Trial) -> list:
        return [self._saved(trial.genotype), trial.score]

    def _loaded_trial(self, saved: Sequence) -> Trial:
        options, score = saved
        return Trial(self.space.decode(options), float(score))


def too_many_refused(name: str) -> UserError:
    """Returns the error of a strategy whose proposals are refused again and again."""
    return UserError(
        f"{MOST_REFUSED:,} genotypes in a row that `method`={name} proposed cost more "
        "than `cost_target`; give a larger one."
    )


def require_count(name: str, value: object) -> int:
    """Returns a setting that is a number of things, or raises a `ValueError`.

    Args:
        name: The setting.
        value: What it is, an integer from 1 up.
    """
    if type(value) is not int or value < 1:
        raise invalid_value(name, "an integer from 1 up", value)
    return value


def require_number(name: str, value: object, most: float = _LARGEST) -> float:
    """Returns a setting that is a finite number, or raises a `ValueError`.

    Args:
        name: The setting.
        value: What it is, a number from 0 up.
        most: Its largest value.
    """
    if type(value) not in (int, float) or not 0 <= value <= most:
        bounds = "from 0 " + ("up" if most == _LARGEST else f"to {most:g}")
        raise invalid_value(name, f"a finite number {bounds}", value)
    return value
