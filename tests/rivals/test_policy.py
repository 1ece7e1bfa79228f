"""Policies: gradients against finite differences, and what they draw."""

import numpy as np
import pytest

from darts_tf.rivals.lstm_policy import LSTMPolicy
from darts_tf.rivals.policy import choice_loss, drawn, softmax
from darts_tf.rivals.table_policy import TablePolicy

SIZES = (3, 2, 4, 2)


def make(name):
    rng = np.random.default_rng(5)
    policy = LSTMPolicy(SIZES, 3, rng) if name == "lstm" else TablePolicy(SIZES, rng)
    for parameter in policy.parameters.values():
        # Far from where it begins, so that no part of the gradient is small.
        parameter += rng.normal(size=parameter.shape)
    return policy


POLICIES = pytest.mark.parametrize("policy", [make("lstm"), make("table")])


@POLICIES
@pytest.mark.parametrize("entropy_weight", [0.0, 0.7])
def test_gradients_are_finite_differences(policy, entropy_weight):
    rng = np.random.default_rng(1)
    options, advantages = policy.sample(6, rng), rng.normal(size=6)
    arguments = options, advantages, entropy_weight
    _, gradients = policy.loss_and_gradients(*arguments)
    assert gradients.keys() == policy.parameters.keys()
    step = 1e-5
    for name, parameter in policy.parameters.items():
        numeric = np.empty_like(parameter)
        for place in np.ndindex(*parameter.shape):
            old, losses = parameter[place], []
            for change in (step, -step):
                parameter[place] = old + change
                losses.append(policy.loss_and_gradients(*arguments)[0])
            parameter[place] = old
            numeric[place] = (losses[0] - losses[1]) / (2 * step)
        np.testing.assert_allclose(gradients[name], numeric, atol=1e-8)
        assert np.abs(numeric).max() > 1e-3


@POLICIES
def test_rows_are_as_frequent_as_their_loss_says(policy):
    number = 20_000
    rows = policy.sample(number, np.random.default_rng(2))
    assert rows.shape == (number, 4) and (rows.max(axis=0) < SIZES).all()
    found, counts = np.unique(rows, axis=0, return_counts=True)
    for row, count in zip(found, counts):
        # With an advantage of 1 the loss of a row is -log p.
        loss, _ = policy.loss_and_gradients(row[None], np.ones(1), 0.0)
        chance = np.exp(-loss)
        deviation = np.sqrt(number * chance * (1 - chance))
        assert abs(count - number * chance) < 5 * deviation + 1


def test_choices_of_the_lstm_depend_on_those_before():
    policy = make("lstm")

    def last(first):
        rows = np.array([[first, 0, 0, option] for option in range(SIZES[-1])])
        losses = [policy.loss_and_gradients(r[None], np.ones(1), 0.0)[0] for r in rows]
        chances = np.exp(-np.array(losses))
        return chances / chances.sum()

    assert np.abs(last(0) - last(1)).max() > 1e-3


def test_loss_of_a_choice_in_closed_form():
    logits = np.log([[1.0, 3.0], [1.0, 1.0]])
    loss, _ = choice_loss(softmax(logits), np.array([1, 0]), np.array([2.0, 4.0]), 0.5)
    entropies = -(0.25 * np.log(0.25) + 0.75 * np.log(0.75)), np.log(2)
    gains = 2 * np.log(0.75) + 4 * np.log(0.5) + 0.5 * sum(entropies)
    np.testing.assert_allclose(loss, -gains / 2, rtol=1e-14)


def test_a_sum_below_one_draws_no_option_too_many():
    class Highest:
        def random(self, shape):
            return np.full(shape, 1 - 2**-53)

    assert drawn(np.full((2, 3), (1 - 1e-15) / 3), Highest()).tolist() == [2, 2]
