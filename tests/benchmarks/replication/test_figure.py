from benchmarks.replication.figure import replication_figure
from benchmarks.replication.items import RANDOM, SECOND
from benchmarks.replication.log import ReplicationLog
from benchmarks.replication.settings import IMAGES
from benchmarks.replication.summary import outcomes_of
from darts_tf.report.figure_files import figure_to_svg
from tests.benchmarks.replication.small_logs import fill


def test_all_trainings_are_points(tmp_path):
    log = ReplicationLog(tmp_path / "log.csv")
    fill(log, {SECOND: [[38, 42], [30, 30]], RANDOM: [[50, 50], [40, 40]]})
    figure = replication_figure({IMAGES: outcomes_of(log.rows, IMAGES)})
    errors = figure.axes[0]
    assert [label.get_text() for label in errors.get_yticklabels()] == [SECOND, RANDOM]
    assert errors.collections[0].get_offsets()[:, 0].tolist() == [38, 42, 30, 30]
    assert b"<svg" in figure_to_svg(figure)
