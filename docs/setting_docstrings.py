"""Descriptions of settings in the reference, from the help that each has."""

import ast

import griffe


class SettingDocstrings(griffe.Extension):
    """Gives the fields that `setting` and `changed` make a docstring and their default.

    Both are functions of `darts_tf.settings`; the code is read and not run.
    """

    def on_attribute_instance(
        self,
        *,
        node: ast.AST,
        attr: griffe.Attribute,
        agent: griffe.Visitor,
        **more: object,
    ) -> None:
        """Describes an attribute of a class, if one of these functions makes it."""
        call = getattr(node, "value", None)
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            return
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        if call.func.id == "setting":
            given |= dict(zip(("default", "help"), call.args))
        elif call.func.id == "changed":
            given |= dict(zip(("base", "name", "default"), call.args))
        else:
            return
        default, help = given.get("default"), given.get("help")
        attr.value = griffe.get_expression(default, attr.parent, parse_strings=False)
        if isinstance(help, ast.Constant):
            text = help.value
        elif "base" not in given:  # The code makes the help when it runs.
            text = "See `--help`."
        else:
            text = f"As in `{ast.unparse(given['base'])}`."
        attr.docstring = griffe.Docstring(text, parent=attr)
