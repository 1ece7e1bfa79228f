import pickle

import pytest

from darts_tf.errors import (
    SettingError,
    UserError,
    as_flags,
    end_program,
    printable,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cells.0.\x1b[2J\x1b[31mhello\nworld", r"cells.0.\x1b[2J\x1b[31mhello\nworld"),
        ("caf\udce9.png", r"caf\udce9.png"),
        # It would turn the order of what follows.
        ("a\u202egnp", r"a\u202egnp"),
        ("Zürich 数 – ok", "Zürich 数 – ok"),
    ],
)
def test_only_visible_characters_are_printed(text, expected, capsys):
    assert printable(text) == expected
    with pytest.raises(SystemExit) as caught:
        end_program("trainers.export", UserError(text))
    assert caught.value.code == 1
    assert capsys.readouterr().err == f"trainers.export: {expected}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`seed`=3 is odd.", "--seed=3 is odd."),
        ("give `strategy=single`.", "give --strategy=single."),
        ("give `cutout=False` or `flip=True`.", "give --nocutout or --flip."),
        # What is no flag of the binary.
        ("not `none`; call `pip install x`", "not `none`; call `pip install x`"),
        ("`runs/seed` and `x=1`", "`runs/seed` and `x=1`"),
    ],
)
def test_settings_are_printed_as_flags(text, expected, capsys):
    names = {"seed", "strategy", "cutout", "flip"}
    assert as_flags(text, names) == expected
    assert as_flags(text, ()) == text
    with pytest.raises(SystemExit):
        end_program("trainers.search", UserError(text), names)
    assert capsys.readouterr().err == f"trainers.search: {expected}\n"


def test_a_setting_that_is_wrong():
    error = SettingError("mean", (0.5, "a"), "a tuple of finite numbers")
    text = "`mean`=0.5,a: expected a tuple of finite numbers."
    assert str(error) == text
    assert str(pickle.loads(pickle.dumps(error))) == text
    assert len(str(SettingError("format", "x" * 10_000, "text"))) < 1000
