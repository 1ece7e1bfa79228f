"""A regression of scores on options of cells (PNAS, arXiv 1712.00559, section 4.3)."""

import warnings
from collections.abc import Mapping

import numpy as np

# Of the data that each network of the ensemble sees, as in the paper.
_SHARE = 0.8
_ITERATIONS = 60
_WEIGHT_DECAY = 1e-2


class Surrogate:
    """The mean of some networks of one hidden layer.

    What it sees of a cell is, for each choice, which option it has; and how often each
    option stands there, over the choices of a kind of cell that are alike. The latter
    is what it can say of nodes that no cell had so far.

    Args:
        choices: Number of options of each choice by its name, see
            `SearchSpace.choices`.
        members: Number of networks.
        units: Of the hidden layer.
    """

    def __init__(self, choices: Mapping[str, int], members: int, units: int):
        self._sizes = np.array(list(choices.values()))
        self._members, self._units = members, units
        self._counts = _count_matrix(choices)
        self._networks: list = []

    def fit(
        self, options: np.ndarray, scores: np.ndarray, rng: np.random.Generator
    ) -> None:
        """Learns the scores of cells.

        Args:
            options: Of shape `(cells, choices)`.
            scores: Of shape `(cells,)`.
            rng: The source of randomness.
        """
        # It takes a second to import, and one strategy alone needs it.
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.neural_network import MLPRegressor

        features = self._features(options)
        # Weights of what is the same in all cells would stay as they were drawn.
        self._varying = np.ptp(features, axis=0) > 0
        deviation = scores.std() or 1.0
        targets = (scores - scores.mean()) / deviation
        features = features[:, self._varying]
        self._networks = []
        for _ in range(self._members if self._varying.any() else 0):
            number = max(1, round(_SHARE * len(scores)))
            seen = rng.choice(len(scores), number, replace=False)
            network = MLPRegressor(
                hidden_layer_sizes=(self._units,),
                solver="lbfgs",
                alpha=_WEIGHT_DECAY,
                max_iter=_ITERATIONS,
                random_state=int(rng.integers(2**31)),
            )
            with warnings.catch_warnings():
                # It serves as it is after so many iterations.
                warnings.simplefilter("ignore", ConvergenceWarning)
                self._networks.append(network.fit(features[seen], targets[seen]))

    def predict(self, options: np.ndarray) -> np.ndarray:
        """Returns by how much each cell is better than the mean, in deviations.

        Args:
            options: Of shape `(cells, choices)`.
        """
        if not self._networks:
            return np.zeros(len(options))
        features = self._features(options)[:, self._varying]
        return np.mean([x.predict(features) for x in self._networks], axis=0)

    def _features(self, options):
        columns = np.asarray(options) + np.cumsum(self._sizes) - self._sizes
        places = np.zeros((len(options), self._sizes.sum()))
        places[np.arange(len(options))[:, None], columns] = 1
        return np.concatenate([places, places @ self._counts], axis=1)


def _count_matrix(choices):
    """Of shape `(options of all choices, options of alike choices)`, ones and zeros."""
    # Alike are the sources, or the operations, of one kind of cell.
    groups = []
    for name, size in choices.items():
        kind, _, _, role = name.rsplit("/", 3)
        groups += [(kind, role, option) for option in range(size)]
    columns = list(dict.fromkeys(groups))
    matrix = np.zeros((len(groups), len(columns)))
    matrix[np.arange(len(groups)), [columns.index(group) for group in groups]] = 1
    return matrix
