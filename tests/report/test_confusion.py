import numpy as np

from darts_tf.report.confusion import (
    confusion_heat_map,
    confusion_matrix,
    most_confused_pairs,
)

LABELS = np.array([0, 0, 0, 1, 1, 2, 2, 2])
PREDICTIONS = np.array([0, 1, 1, 1, 0, 1, 1, 2])


def test_matrix_counts_predictions_of_each_class():
    matrix = confusion_matrix(LABELS, PREDICTIONS, 4)
    expected = [[1, 2, 0, 0], [1, 1, 0, 0], [0, 2, 1, 0], [0, 0, 0, 0]]
    np.testing.assert_array_equal(matrix, expected)


def test_pairs_are_ordered_by_frequency():
    pairs = [(0, 1, 2), (2, 1, 2), (1, 0, 1)]
    assert most_confused_pairs(LABELS, PREDICTIONS) == pairs
    assert most_confused_pairs(LABELS, PREDICTIONS, most=1) == pairs[:1]
    assert most_confused_pairs(LABELS, LABELS) == []


def test_heat_map_shows_shares_and_counts():
    names = ["a", "$b", "c" * 40, "without an image"]
    matrix = confusion_matrix(LABELS, PREDICTIONS, 4)
    axes = confusion_heat_map(matrix, names).axes[0]
    shares = axes.images[0].get_array()
    np.testing.assert_allclose(shares.sum(axis=1), [1, 1, 1, 0])
    texts = [text.get_text() for text in axes.texts]
    assert texts == ["1", "2", "1", "1", "2", "1"]
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == ["a", "$b", "c" * 19 + "…", "without an image"]
