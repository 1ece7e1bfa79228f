"""Aging evolution: who dies, who is a parent, and what a child is."""

from collections import Counter

import numpy as np

from darts_tf.rivals import get_strategy
from tests.rivals.small_spaces import EDGES, PAIRS, search, toy_score

Evolution = get_strategy("evolution")


def num_changes(first, second):
    pairs = zip(EDGES.encode(first), EDGES.encode(second), strict=True)
    return sum(a != b for a, b in pairs)


def test_the_oldest_dies_though_it_is_the_best():
    strategy = Evolution(EDGES, population=4, sample=4)
    best = strategy.ask()
    strategy.tell(best, 100.0)
    search(strategy, 3)
    assert strategy.population[0] == (best, 100.0)
    for number in range(5, 12):
        child = strategy.ask()
        strategy.tell(child, toy_score(child))
        assert strategy.population == strategy.trials[number - 4 : number]
    assert strategy.best.genotype == best
    assert all(trial.score < 100 for trial in strategy.population)


def test_the_first_are_random_and_the_others_children_of_the_living():
    strategy = search(Evolution(EDGES, population=6, sample=3), 6)
    changes = Counter()
    for _ in range(300):
        alive = [trial.genotype for trial in strategy.population]
        child = strategy.ask()
        changes[min(num_changes(child, parent) for parent in alive)] += 1
        strategy.tell(child, toy_score(child))
    assert set(changes) <= {0, 1}
    rng = np.random.default_rng(0)
    strangers = [num_changes(EDGES.sample(rng), EDGES.sample(rng)) for _ in range(300)]
    assert np.mean(np.array(strangers) > 1) > 0.9


def test_a_tournament_of_all_is_won_by_the_best():
    # Drawn with replacement: of 40 draws from 3 the best is almost surely one.
    strategy = Evolution(EDGES, population=3, sample=3, identity=1.0)
    strategy._sample = 40
    for _ in range(3):
        genotype = strategy.ask()
        strategy.tell(genotype, toy_score(genotype))
    winner = max(strategy.population, key=lambda trial: trial.score)
    assert {strategy.ask() for _ in range(20)} == {winner.genotype}


def test_children_are_as_their_parents_as_often_as_the_setting_says():
    strategy = Evolution(EDGES, population=1, sample=1, identity=0.2)
    parent = strategy.ask()
    strategy.tell(parent, 1.0)
    same = sum(strategy.ask() == parent for _ in range(2000))
    # Four deviations of a binomial distribution.
    assert abs(same - 400) < 4 * np.sqrt(2000 * 0.2 * 0.8)


def test_both_kinds_of_mutations_are_there():
    strategy = Evolution(PAIRS, population=1, sample=1, identity=0.0)
    parent = strategy.ask()
    strategy.tell(parent, 1.0)
    names = [name.rsplit("/")[-1] for name in PAIRS.choices()]
    changed, old = Counter(), PAIRS.encode(parent)
    for _ in range(1000):
        new = PAIRS.encode(strategy.ask())
        (role,) = [x for x, a, b in zip(names, old, new) if a != b]
        changed[role] += 1
    assert abs(changed["source"] - 500) < 4 * np.sqrt(1000 / 4)
