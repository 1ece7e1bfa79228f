"""The controller of NASNet: an LSTM that makes one choice after the other.

With x_t the embedding of the option of choice t - 1, at first a vector of its own, and
functions elementwise (Zoph and Le, arXiv 1611.01578, section 3.2; Zoph et al., arXiv
1707.07012, appendix A.2):

    i, f, o = sigmoid(x_t W_x + h_{t-1} W_h + b), g = tanh(the same of its own columns)
    c_t = f c_{t-1} + i g,   h_t = o tanh(c_t),   logits_t = h_t V_t + v_t
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from darts_tf.rivals.policy import Arrays, Policy, choice_loss, drawn, softmax

# First values are uniform between this and its negative.
_RANGE = 0.1


class _Step(NamedTuple):
    """What a choice leaves for the way back; arrays have a row for each cell."""

    rows: np.ndarray
    inputs: np.ndarray
    hidden: np.ndarray
    cell: np.ndarray
    gates: tuple[np.ndarray, ...]
    new_cell: np.ndarray
    new_hidden: np.ndarray
    probabilities: np.ndarray


class LSTMPolicy(Policy):
    """A recurrent network of one layer over the choices.

    Args:
        sizes: Number of options of each choice.
        units: Of the LSTM, and of the embeddings of the options.
        rng: The source of the first parameters.
    """

    def __init__(self, sizes: Sequence[int], units: int, rng: np.random.Generator):
        super().__init__(sizes)
        self._units = units
        ends = np.cumsum(self.sizes)
        # The columns of the logits of each choice, and the rows of its embeddings.
        self._columns = [slice(end - size, end) for end, size in zip(ends, self.sizes)]
        total = int(ends[-1])
        shapes = {
            # The last row is what the first choice reads.
            "embeddings": (total + 1, units),
            "input_kernel": (units, 4 * units),
            "recurrent_kernel": (units, 4 * units),
            "bias": (4 * units,),
            "head_kernel": (units, total),
            "head_bias": (total,),
        }
        self.parameters = {
            name: rng.uniform(-_RANGE, _RANGE, shape) for name, shape in shapes.items()
        }

    def sample(self, number: int, rng: np.random.Generator) -> np.ndarray:
        options = np.empty((number, len(self.sizes)), int)
        for index, step in enumerate(self._steps(options)):
            options[:, index] = drawn(step.probabilities, rng)
        return options

    def loss_and_gradients(
        self, options: np.ndarray, advantages: np.ndarray, entropy_weight: float
    ) -> tuple[float, Arrays]:
        options = np.asarray(options)
        steps = list(self._steps(options))
        gradients = {name: np.zeros_like(x) for name, x in self.parameters.items()}
        to_hidden = to_cell = np.zeros((len(options), self._units))
        total = 0.0
        for index in reversed(range(len(steps))):
            step, columns = steps[index], self._columns[index]
            loss, to_logits = choice_loss(
                step.probabilities, options[:, index], advantages, entropy_weight
            )
            total += loss
            gradients["head_kernel"][:, columns] += step.new_hidden.T @ to_logits
            gradients["head_bias"][columns] += to_logits.sum(axis=0)
            heads = self.parameters["head_kernel"][:, columns]
            to_hidden = to_hidden + to_logits @ heads.T
            to_hidden, to_cell = self._back(step, to_hidden, to_cell, gradients)
        return total, gradients

    def _steps(self, options: np.ndarray) -> Iterator[_Step]:
        """Yields the steps of all choices; the option of each is read after its own."""
        values = self.parameters
        rows = np.full(len(options), len(values["embeddings"]) - 1)
        hidden = cell = np.zeros((len(options), self._units))
        for index, columns in enumerate(self._columns):
            inputs = values["embeddings"][rows]
            sums = inputs @ values["input_kernel"] + values["bias"]
            sums += hidden @ values["recurrent_kernel"]
            i, f, o, g = np.split(sums, 4, axis=1)
            i, f, o, g = gates = (*map(_sigmoid, (i, f, o)), np.tanh(g))
            new_cell = f * cell + i * g
            new_hidden = o * np.tanh(new_cell)
            logits = new_hidden @ values["head_kernel"][:, columns]
            chances = softmax(logits + values["head_bias"][columns])
            yield _Step(
                rows, inputs, hidden, cell, gates, new_cell, new_hidden, chances
            )
            rows = columns.start + options[:, index]
            hidden, cell = new_hidden, new_cell

    def _back(self, step, to_hidden, to_cell, gradients):
        """Adds a step's gradients; returns those in the state that it began with."""
        i, f, o, g = step.gates
        squashed = np.tanh(step.new_cell)
        to_cell = to_cell + to_hidden * o * (1 - squashed**2)
        to_sums = np.concatenate(
            [
                to_cell * g * i * (1 - i),
                to_cell * step.cell * f * (1 - f),
                to_hidden * squashed * o * (1 - o),
                to_cell * i * (1 - g**2),
            ],
            axis=1,
        )
        gradients["input_kernel"] += step.inputs.T @ to_sums
        gradients["recurrent_kernel"] += step.hidden.T @ to_sums
        gradients["bias"] += to_sums.sum(axis=0)
        to_inputs = to_sums @ self.parameters["input_kernel"].T
        np.add.at(gradients["embeddings"], step.rows, to_inputs)
        return to_sums @ self.parameters["recurrent_kernel"].T, to_cell * f


def _sigmoid(x):
    return 0.5 * (1 + np.tanh(0.5 * x))
