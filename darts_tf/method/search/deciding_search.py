"""The part of a search that decides for good between its epochs."""

import functools
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import tensorflow as tf

from darts_tf.autodiff.tracing_speed import opaque_calls
from darts_tf.method.decisions import Moment
from darts_tf.method.history import FROZEN, UNDECIDED
from darts_tf.method.importance import Measure, measure_on


class DecidingSearch:
    """Mixin of searches whose method may decide for good, see `ArchitectureSearch`.

    Attributes:
        validation_half: Function that returns the batches on which the network is
            evaluated where a decision needs that, or `None`.
    """

    validation_half: Callable[[], Iterable[Any]] | None = None

    def _decide(self, epoch):
        """Makes the decisions of an epoch, counted from 0, before its first step."""
        architecture, decisions = self.network.architecture, self.method.decisions
        if decisions.measures:
            self._check_validation_half()
        settled = architecture.settled(self._progress())
        coefficients = self.network.coefficients(drawn=settled)
        found = decisions.decided(
            Moment(
                architecture.space,
                epoch,
                self.seed,
                {kind: left.numpy() for kind, left in architecture.left.items()},
                tf.nest.map_structure(np.asarray, coefficients),
                self._measure,
            )
        )
        for kind, left in found.items():
            architecture.left[kind].assign(left)
        if decisions.starts_anew(epoch):
            _start_anew(self.optimizer)

    def _check_validation_half(self):
        if self.validation_half is None:
            raise ValueError(
                "The method decides by evaluations. Before `fit`, set "
                "`validation_half` to a function that returns batches."
            )

    def _measure(self) -> Measure:
        self._check_validation_half()
        return measure_on(self.traced_measured, list(self.validation_half()))

    @functools.cached_property
    def traced_measured(self) -> Callable[..., Any]:
        """The function `measured` of a subclass, traced once."""
        return tf.function(opaque_calls(self.measured), autograph=False)

    def method_metrics(self) -> dict[str, int]:
        """Returns how much is undecided, and frozen, where the method does that."""
        metrics = {}
        if self.method.decisions is not None:
            metrics[UNDECIDED] = self.network.architecture.num_undecided
        if self._freezing is not None:
            metrics[FROZEN] = int(self._freezing.frozen.numpy().sum())
        return metrics


def _start_anew(optimizer):
    """Forgets the momentum; learning rate and number of steps, scalars, stay."""
    for variable in optimizer.variables:
        if len(variable.shape) > 0:
            variable.assign(np.zeros(variable.shape))
