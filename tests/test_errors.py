import pytest

from darts_tf.errors import UserError, end_program, printable


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
