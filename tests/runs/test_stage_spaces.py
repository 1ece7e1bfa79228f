import json

import pytest

from darts_tf.runs.run_config import RunFolderError
from darts_tf.runs.stage_spaces import (
    read_stage_spaces,
    space_after,
    write_stage_space,
)
from darts_tf.space.search_space import convolutional_space

SPACE = convolutional_space(("none", "skip_connect", "sep_conv_3x3"), 1)
TWO = SPACE.with_operations(
    {
        "normal": [("none", "sep_conv_3x3"), ("skip_connect", "sep_conv_3x3")],
        "reduce": [("none", "skip_connect"), ("none", "skip_connect")],
    }
)
ONE = TWO.with_operations(
    {kind: [("sep_conv_3x3",)] * 2 for kind in ("normal",)}
    | {"reduce": [("skip_connect",)] * 2}
)


def test_spaces_are_read_as_they_were_written(tmp_path):
    assert read_stage_spaces(tmp_path, SPACE) == {}
    write_stage_space(tmp_path, 4, TWO)
    write_stage_space(tmp_path, 7, ONE)
    stages = read_stage_spaces(tmp_path, SPACE)
    assert stages == {4: TWO, 7: ONE}
    after = [space_after(epoch, SPACE, stages) for epoch in (3, 4, 6, 7, 9)]
    assert after == [SPACE, TWO, TWO, ONE, ONE]


GOOD = {"normal": [["none", "sep_conv_3x3"]] * 2, "reduce": [["skip_connect"]] * 2}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "3",
        "[1]",
        "{}",
        "[" * 100_000,
        json.dumps({"normal": GOOD["normal"]}),
        json.dumps(GOOD | {"other": GOOD["normal"]}),
        json.dumps(GOOD | {"normal": GOOD["normal"][:1]}),
        json.dumps(GOOD | {"normal": [["sep_conv_3x3", "none"]] * 2}),
        json.dumps(GOOD | {"normal": [["none", "sep_conv_5x5"]] * 2}),
        json.dumps(GOOD | {"normal": [["none", "none"]] * 2}),
        json.dumps(GOOD | {"normal": [["none", "sep_conv_3x3"], ["sep_conv_3x3"]]}),
        json.dumps(GOOD | {"normal": [["none"]] * 2}),
        json.dumps(GOOD | {"normal": [[]] * 2}),
        json.dumps(GOOD | {"normal": [[1]] * 2}),
        json.dumps(GOOD | {"normal": [[[1]]] * 2}),
        json.dumps(GOOD | {"normal": 3}),
        json.dumps(GOOD | {"normal": {"none": 1}}),
    ],
    ids=range(19),
)
def test_damaged_files(text, tmp_path):
    path = tmp_path / "stages" / "epoch_004.json"
    path.parent.mkdir()
    path.write_text(json.dumps(GOOD))
    read_stage_spaces(tmp_path, SPACE)
    path.write_text(text)
    with pytest.raises(RunFolderError, match=r"epoch_004\.json is damaged") as error:
        read_stage_spaces(tmp_path, SPACE)
    assert "\n" not in str(error.value)
