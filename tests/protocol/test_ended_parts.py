import pytest

from darts_tf.errors import UserError
from darts_tf.protocol.ended_parts import PARTS_FILE, EndedParts
from tests.protocol.test_walk import toy


def test_a_part_counts_while_its_folder_is_there(tmp_path):
    part, other = toy("a/b"), toy("c")
    (tmp_path / part.name).mkdir(parents=True)
    (tmp_path / part.name / "config.json").write_text("{}")
    ended = EndedParts(tmp_path)
    assert part not in ended
    ended.add(part)
    ended.add(other)
    again = EndedParts(tmp_path)
    assert part in again and other not in again


@pytest.mark.parametrize("text", ["{", '{"a": 1}', "[1]"])
def test_a_damaged_list_is_refused(tmp_path, text):
    (tmp_path / PARTS_FILE).write_text(text)
    with pytest.raises(UserError, match="is damaged"):
        EndedParts(tmp_path)
