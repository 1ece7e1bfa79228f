import json

import pytest

from darts_tf.runs.run_config import RunFolderError
from darts_tf.trials.trial_log import TrialLog

EVENTS = [{"asked": 1, "x": [1, 2]}, {"told": 1, "score": 0.1}, {"asked": 2, "x": "ä"}]


@pytest.fixture
def path(tmp_path):
    log = TrialLog(tmp_path / "trials.jsonl")
    for event in EVENTS:
        log.append(event)
    return tmp_path / "trials.jsonl"


def test_it_holds_what_was_added(path):
    assert TrialLog(path).events == EVENTS
    assert len(path.read_text("utf-8").splitlines()) == 3


def test_the_first_line_makes_the_file(tmp_path):
    log = TrialLog(tmp_path / "trials.jsonl")
    assert log.events == [] and not log.path.exists()


def test_cut_off_anywhere_it_goes_on_as_if_nothing_had_been(path):
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        log = TrialLog(path)
        done = whole[:length].count(b"\n")
        assert log.events == EVENTS[:done]
        for event in EVENTS[done:]:
            log.append(event)
        assert path.read_bytes() == whole


def changed(lines):
    """Yields the lines of a log that somebody has changed."""
    for number, line in enumerate(lines):
        yield [*lines[:number], line.replace(b"1", b"7", 1), *lines[number + 1 :]]
        yield [*lines[:number], b"", *lines[number + 1 :]]
        yield [*lines[:number], b"[]", *lines[number + 1 :]]
        yield [*lines[:number], b"\xff{", *lines[number + 1 :]]
        yield [*lines[:number], b"[" * 5000, *lines[number + 1 :]]
    yield lines[1:]
    yield [lines[0], lines[2]]
    yield [lines[1], lines[0], lines[2]]
    yield [lines[0], *lines]


def test_a_changed_line_is_refused(path):
    whole = path.read_bytes()
    found = list(changed(whole.splitlines()))
    assert len(found) == 19
    for lines in found:
        content = b"\n".join(lines) + b"\n"
        path.write_bytes(content)
        with pytest.raises(RunFolderError, match=r"trials\.jsonl is damaged.* line \d"):
            TrialLog(path)
        assert path.read_bytes() == content
    path.write_bytes(whole)
    assert TrialLog(path).events == EVENTS


def test_a_changed_line_with_another_checksum_is_refused_by_the_next(path):
    first, *others = path.read_bytes().splitlines(keepends=True)
    path.unlink()
    TrialLog(path).append({**EVENTS[0], "x": [3]})
    path.write_bytes(path.read_bytes() + b"".join(others))
    assert json.loads(first)["x"] == [1, 2]
    with pytest.raises(RunFolderError, match="line 2"):
        TrialLog(path)


def test_no_number_that_json_has_not(path):
    with pytest.raises(ValueError):
        TrialLog(path).append({"score": float("nan")})
    assert TrialLog(path).events == EVENTS


def test_a_file_that_was_replaced_is_left_alone(path):
    log = TrialLog(path)
    path.write_text("of another run\n")
    with pytest.raises(RunFolderError, match="less than that"):
        log.append({"asked": 3})
    assert path.read_text() == "of another run\n"
