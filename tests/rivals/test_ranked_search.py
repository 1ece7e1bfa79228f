import json
import math

import pytest

from darts_tf.rivals import RankedSearch
from tests.rivals.small_spaces import EDGES, SMALL_SPACES, search, toy_score


def make(space=EDGES, seed=1, score=toy_score, candidates=20):
    def scores(genotypes):
        return list(map(score, genotypes))

    return RankedSearch(space, seed, scores=scores, candidates=candidates)


@pytest.mark.parametrize("space", SMALL_SPACES.values(), ids=SMALL_SPACES)
def test_the_best_candidate_comes_first(space):
    strategy = make(space)
    asked = [strategy.ask() for _ in range(12)]
    scores = [toy_score(genotype) for genotype in asked]
    assert scores == sorted(scores, reverse=True) and len(set(asked)) == 12
    assert make(space).ask() == asked[0] != make(space, seed=2).ask()


def test_equal_candidates_come_as_they_were_drawn():
    drawn = search(make(score=lambda genotype: 0.0), 20)
    again = make(score=lambda genotype: -math.inf)
    assert [again.ask() for _ in range(20)] == [x.genotype for x in drawn.trials]


def test_others_are_drawn_when_all_are_proposed():
    trials = search(make(candidates=5), 15).trials
    scores = [trial.score for trial in trials]
    rounds = [scores[start : start + 5] for start in (0, 5, 10)]
    assert rounds == [sorted(x, reverse=True) for x in rounds]
    assert len({trial.genotype for trial in trials}) > 12


def test_a_state_spares_the_scores():
    """And the candidates that are left are the same."""
    first, measured = search(make(), 7), []
    other = make(seed=9, score=lambda genotype: measured.append(genotype) or 0.0)
    other.state = json.loads(json.dumps(first.state))
    assert [other.ask() for _ in range(13)] == [first.ask() for _ in range(13)]
    assert not measured


def test_bad_arguments():
    with pytest.raises(ValueError, match="`candidates`, expected an integer from 1"):
        make(candidates=0)
    with pytest.raises(ValueError, match="`scores`, expected a function that ret"):
        make(score=lambda genotype: math.nan).ask()
    with pytest.raises(ValueError, match="`state`"):
        make(candidates=6).state = make(candidates=5).state
