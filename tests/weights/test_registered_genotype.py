"""Genotypes of a user's own primitives and activations, and modules that add them."""

import pytest

from darts_tf.errors import UserError
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.plugins import import_modules
from darts_tf.weights.registered_genotype import load_genotype

MODULES = {
    "primitive": (
        "from darts_tf.convolutional import primitives\n"
        "from darts_tf.convolutional.primitives import darts_primitives\n"
        "primitives.register_primitive({name!r}, darts_primitives.SkipConnect())\n"
    ),
    "activation": (
        "import tensorflow as tf\n"
        "from darts_tf.recurrent.activations import register_activation\n"
        "register_activation({name!r}, tf.sin)\n"
    ),
}


def make_genotype(name):
    cell = Cell.from_lists([[(name, 0), ("skip_connect", 1)]], [2])
    return Genotype(cell, cell)


@pytest.mark.parametrize(
    ("kind", "genotype"),
    [
        ("primitive", make_genotype("added_here")),
        ("activation", RecurrentGenotype.from_lists([("added_here", 0)], [1])),
    ],
)
def test_names_that_a_module_registers(kind, genotype, tmp_path, monkeypatch):
    path, flag = tmp_path / "cell.json", f"{kind}_modules"
    genotype.save(path)
    message = rf"`genotype`={path}: .*'added_here'.* with `{flag}`\.$"
    with pytest.raises(UserError, match=message):
        load_genotype(type(genotype), str(path))
    monkeypatch.syspath_prepend(tmp_path)
    module = f"module_of_an_{kind}"
    (tmp_path / f"{module}.py").write_text(MODULES[kind].format(name="added_here"))
    import_modules(flag, (module,))
    assert load_genotype(type(genotype), str(path)) == genotype


def test_a_module_that_is_not_there():
    with pytest.raises(UserError, match="`primitive_modules`=none_such: "):
        import_modules("primitive_modules", ("none_such",))


@pytest.mark.parametrize("name", ["", ".relative", "a..b", "a-b", "a.py\n", "a b"])
def test_what_is_no_name_of_a_module(name):
    with pytest.raises(
        UserError, match=r"`activation_modules`: .* is no name"
    ) as error:
        import_modules("activation_modules", (name,))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise RuntimeError('boom')", r"RuntimeError: boom, .*/{module}.py, line 2\)"),
        ("import json; json.loads('x')", r"JSONDecodeError: .*/{module}.py, line 2\)"),
        ("def f(:", r"SyntaxError: .*line 2\), .*/{module}.py\)"),
        ("import sys; sys.exit()", r"SystemExit: .*/{module}.py, line 2\)"),
        ("import none_such", r"ModuleNotFoundError: .*/{module}.py, line 2\)"),
    ],
)
def test_a_module_that_fails(code, reason, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    module = f"failing_{abs(hash(code))}"
    (tmp_path / f"{module}.py").write_text(f"\n{code}\n")
    match = rf"`primitive_modules`={module}: .*\({reason.format(module=module)}\.$"
    with pytest.raises(UserError, match=match):
        import_modules("primitive_modules", (module,))
