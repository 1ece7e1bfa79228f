import numpy as np

from darts_tf.protocol.progress_figure import best_so_far, progress_figure

SEARCHES = [{5: 30.0, 10: 35.0, 15: 20.0}, {5: 40.0, 15: 50.0}]


def test_the_best_so_far_never_rises():
    epochs, values = best_so_far(SEARCHES)
    np.testing.assert_array_equal(epochs, [5, 10, 15])
    np.testing.assert_array_equal(values, [[30, 30, 20], [40, 40, 40]])


def test_lines_are_those_of_searches_their_median_and_published_cells():
    figure = progress_figure("Progress", SEARCHES, {"ENAS": 12.0}, is_text=False)
    (axes,) = figure.axes
    *searches, median, published = axes.lines
    assert [[*line.get_ydata()] for line in searches] == [[30, 30, 20], [40, 40, 40]]
    assert [*median.get_ydata()] == [35, 35, 30]
    assert [*published.get_ydata()] == [12, 12]
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["median of 2 searches", "ENAS"]
