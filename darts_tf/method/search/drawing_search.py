"""The part of a search that draws random numbers."""

from typing import Any

import tensorflow as tf

from darts_tf.distribution.batch_draws import seed_of_replica
from darts_tf.method.network_loss import NOISE

# The roles of a step's random numbers, each of which has a seed of its own.
TRAIN, VALID, PERTURBATION, _DRAWS, _NOISE = 0, 1, 2, 3, 5


class DrawingSearch:
    """Mixin of searches whose method or network may draw, see `ArchitectureSearch`."""

    def _step_seed(self, role):
        """An integer tensor of shape `(2,)` for each step and role."""
        return tf.random.experimental.stateless_fold_in(
            tf.constant([self.seed, role], tf.int64), self.optimizer.iterations.value
        )

    @property
    def _method_draws(self):
        return self.method.relaxation.draws or self.method.edge.draws

    def _drawn(self, role: int) -> dict[str, Any] | None:
        """What method and network draw for a batch of this step, if anything.

        Args:
            role: Which of the two batches it is, `TRAIN` or `VALID`.
        """
        draws_noise = getattr(self.network, "draws_noise", False)
        if not (self._method_draws or draws_noise):
            return None
        seed = self._step_seed(_DRAWS + role)
        drawn = self.network.architecture.draw(seed, self._progress())
        if not draws_noise:
            return drawn
        return {**drawn, NOISE: seed_of_replica(self._step_seed(_NOISE + role))}

    def _drawn_by_edges(self):
        """What is drawn for a validation batch, but for the relaxation."""
        drawn = self._drawn(VALID)
        if drawn is None:
            return None
        settled = self.network.architecture.settled(self._progress())
        of_kinds = {kind: (own, drawn[kind][1]) for kind, (own, _) in settled.items()}
        return {**drawn, **of_kinds}

    def _settled_coefficients(self):
        """The coefficients of an evaluation, `None` for those of alpha alone."""
        if not self._method_draws:
            return None
        settled = self.network.architecture.settled(self._progress())
        return self.network.coefficients(drawn=settled)
