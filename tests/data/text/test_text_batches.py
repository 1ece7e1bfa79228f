"""Steps of a text: order, lengths, buckets, and what follows from the seed alone."""

import numpy as np
import pytest

from darts_tf.data.text import text_batches
from darts_tf.data.text.text_batches import SequenceLengths
from darts_tf.errors import UserError

STREAMS = np.arange(3 * 500, dtype=np.int32).reshape(3, 500)
SEARCH = SequenceLengths(9, halved=0.3)
EVALUATION = SequenceLengths(35, deviation=5)


def elements(dataset):
    return list(dataset.as_numpy_iterator())


def words_that_count(batches, kind):
    return np.concatenate(
        [batch[kind][:, : batch["length"]] for batch in batches], axis=1
    )


@pytest.mark.parametrize("lengths", [SEARCH, EVALUATION])
def test_a_pass_reads_every_word_once_in_order(lengths):
    dataset = text_batches.training_batches(STREAMS, lengths, 1, 0)
    batches = elements(dataset)
    assert len(batches) == len(dataset)
    tokens = words_that_count(batches, "tokens")
    count = tokens.shape[1]
    assert count in (498, 499)
    np.testing.assert_array_equal(tokens, STREAMS[:, :count])
    np.testing.assert_array_equal(
        words_that_count(batches, "targets"), STREAMS[:, 1 : count + 1]
    )
    assert [batch["starts"] for batch in batches] == [True] + [False] * (
        len(batches) - 1
    )


@pytest.mark.parametrize("lengths", [SEARCH, EVALUATION])
def test_steps_are_padded_to_the_next_bucket(lengths):
    for batch in elements(text_batches.training_batches(STREAMS, lengths, 1, 0)):
        bucket = next(b for b in lengths.buckets if b >= batch["length"])
        assert batch["tokens"].shape == batch["targets"].shape == (3, bucket)
        factor = np.float32(batch["length"] / lengths.mean)
        assert batch["rate_factor"] == factor


def test_lengths_of_a_search():
    random = np.random.default_rng(0)
    lengths = [SequenceLengths(35).draw(random) for _ in range(4000)]
    assert set(lengths) == {17, 35}
    assert np.mean(np.equal(lengths, 17)) == pytest.approx(0.05, abs=0.01)
    assert SequenceLengths(35).buckets == (17, 35)
    assert SequenceLengths(1).buckets == (1,)


def test_lengths_of_an_evaluation():
    random = np.random.default_rng(0)
    lengths = np.array([EVALUATION.draw(random) for _ in range(4000)])
    assert lengths.min() >= 5 and lengths.max() <= EVALUATION.longest == 55
    usual = lengths[lengths > 25]
    assert usual.mean() == pytest.approx(34.8, abs=0.5)
    assert usual.std() == pytest.approx(5, abs=0.5)
    assert np.mean(lengths <= 25) == pytest.approx(0.08, abs=0.02)
    assert EVALUATION.buckets == (22, 30, 35, 40, 55)
    assert SequenceLengths(4, deviation=5).draw(random) >= 5


@pytest.mark.parametrize("lengths", [SEARCH, EVALUATION])
def test_an_epoch_depends_on_seed_and_epoch_alone(lengths):
    def drawn(seed, epoch):
        batches = elements(text_batches.training_batches(STREAMS, lengths, seed, epoch))
        return [int(batch["length"]) for batch in batches]

    assert drawn(1, 4) == drawn(1, 4)
    assert drawn(1, 4) != drawn(1, 5) and drawn(1, 4) != drawn(4, 1)


def test_most_steps():
    all_steps = elements(text_batches.training_batches(STREAMS, SEARCH, 1, 0))
    first = elements(text_batches.training_batches(STREAMS, SEARCH, 1, 0, 3))
    assert len(first) == 3
    for batch, expected in zip(first, all_steps):
        np.testing.assert_array_equal(batch["tokens"], expected["tokens"])
    assert len(text_batches.training_batches(STREAMS, SEARCH, 1, 0, 9999)) == len(
        all_steps
    )


def test_validation_text_starts_again_when_it_ends():
    valid = STREAMS[:, :24] + 5000
    pairs = elements(text_batches.search_batches(STREAMS, valid, SEARCH, 1, 0))
    beside = [pair[1] for pair in pairs]
    assert [int(batch["length"]) for batch in beside[:7]] == [9, 9, 5, 9, 9, 5, 9]
    assert [bool(batch["starts"]) for batch in beside[:4]] == [True, False, False, True]
    for first in (0, 3):
        tokens = words_that_count(beside[first : first + 3], "tokens")
        np.testing.assert_array_equal(tokens, valid[:, :23])
    assert {batch["tokens"].shape for batch in beside} == {(3, 9)}
    alone = elements(text_batches.training_batches(STREAMS, SEARCH, 1, 0))
    for (train, _), expected in zip(pairs, alone, strict=True):
        np.testing.assert_array_equal(train["tokens"], expected["tokens"])


def test_evaluation_reads_every_word():
    dataset = text_batches.evaluation_batches(STREAMS, 70)
    batches = elements(dataset)
    assert len(dataset) == 8 and int(batches[-1]["length"]) == 9
    assert dataset.element_spec["tokens"].shape == (3, 70)
    targets = words_that_count(batches, "targets")
    np.testing.assert_array_equal(targets, STREAMS[:, 1:])


def test_text_shorter_than_a_step():
    assert text_batches.text_streams(np.arange(9), 3, "The text").shape == (3, 3)
    with pytest.raises(UserError, match=r"The text is too short: it has 8 .* least 9"):
        text_batches.text_streams(np.arange(8), 3, "The text")
