from darts_tf.runs import report_callback
from darts_tf.runs.report_callback import ReportCallback


def test_at_most_once_a_minute(monkeypatch):
    now, written, counts = [100.0], [], []
    monkeypatch.setattr(report_callback.time, "monotonic", lambda: now[0])
    callback = ReportCallback(written.append, "run")
    for epoch, seconds in enumerate([20, 39, 2, 58, 1, 61]):
        now[0] += seconds
        callback.on_epoch_end(epoch)
        counts.append(len(written))
    assert counts == [0, 0, 1, 1, 1, 2]
    assert set(written) == {"run"}
