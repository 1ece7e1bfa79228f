"""Public functions and methods say the types of their arguments and results."""

import ast

import pytest

from tests.build_files import MODULES, ROOT

# What Keras calls, and defines the signatures of.
KERAS_METHODS = (
    *("build", "call", "compile", "get_config", "from_config", "get_initial_state"),
    *(
        "build_from_config",
        "fit",
        "train_step",
        "test_step",
        "update_step",
        "result",
        "evaluate",
    ),
    *("make_train_function", "make_test_function", "predict_on_batch"),
)


def unannotated(tree: ast.Module) -> list[str]:
    """Returns the public functions and methods of a module that lack an annotation."""
    found, bodies = [], [("", tree.body)]
    for prefix, body in bodies:
        for node in body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                bodies.append((f"{node.name}.", node.body))
        functions = [node for node in body if isinstance(node, ast.FunctionDef)]
        found += [
            prefix + node.name
            for node in functions
            if is_public(node.name, is_method=bool(prefix))
            and not is_annotated(node, is_method=bool(prefix))
        ]
    return found


def is_public(name: str, is_method: bool) -> bool:
    is_of_keras = name in KERAS_METHODS or name.startswith(("on_", "compute_"))
    is_free = is_method and is_of_keras
    return name == "__init__" or (not name.startswith("_") and not is_free)


def is_annotated(node: ast.FunctionDef, is_method: bool) -> bool:
    decorators = [x.id for x in node.decorator_list if isinstance(x, ast.Name)]
    has_self = is_method and "staticmethod" not in decorators
    arguments = [*node.args.posonlyargs, *node.args.args][has_self:]
    arguments += node.args.kwonlyargs
    more = [node.args.vararg, node.args.kwarg]
    arguments += [argument for argument in more if argument]
    has_result = node.returns is not None or node.name == "__init__"
    return has_result and all(argument.annotation for argument in arguments)


@pytest.mark.parametrize(
    "module",
    [module for module in MODULES if module.startswith("darts_tf/")],
)
def test_signatures_are_annotated(module):
    assert unannotated(ast.parse((ROOT / module).read_text("utf-8"))) == []
