"""Local search: it climbs as its definition says, and begins again at the top."""

from darts_tf.rivals import get_strategy
from tests.rivals.small_spaces import EDGES, toy_score

LocalSearch = get_strategy("local")


class Climber:
    """A local search with the scores that it was told, no two of which are equal."""

    def __init__(self, **settings):
        self._search = LocalSearch(EDGES, **settings)
        self.scores = {}

    def step(self):
        """Asks and tells; returns the genotype."""
        genotype = self._search.ask()
        digits = EDGES.encode(genotype)
        small = 1e-6 * sum(4**place * digit for place, digit in enumerate(digits))
        self.scores[genotype] = toy_score(genotype) + small
        self._search.tell(genotype, self.scores[genotype])
        return genotype

    def untried(self, center):
        return set(EDGES.neighbors(center)) - self.scores.keys()


def test_the_best_of_all_neighbors_is_next():
    climber, tops = Climber(seed=1), []
    for _ in range(6):
        center = climber.step()
        while True:
            untried = climber.untried(center)
            assert {climber.step() for _ in untried} == untried
            best = max(EDGES.neighbors(center), key=climber.scores.get)
            if climber.scores[best] < climber.scores[center]:
                break
            center = best
        tops.append(center)
    assert len(set(tops)) > 1


def test_the_first_better_neighbor_is_next():
    climber = Climber(seed=2, whole_neighborhood=False)
    center, moves = climber.step(), 0
    while untried := climber.untried(center):
        genotype = climber.step()
        assert genotype in untried
        if climber.scores[genotype] > climber.scores[center]:
            center, moves = genotype, moves + 1
    assert moves > 2
    # At the top it begins again anywhere.
    assert climber.step() not in EDGES.neighbors(center)


def test_neighbors_come_in_random_order():
    climbers = [Climber(seed=seed) for seed in range(20)]
    ranks = [EDGES.neighbors(c.step()).index(c.step()) for c in climbers]
    assert len(set(ranks)) > 8
