"""Python modules of a user that register primitives or activations."""

import importlib
import traceback

from darts_tf.convolutional.primitives import get_primitive
from darts_tf.errors import UserError
from darts_tf.genotype import Genotype
from darts_tf.recurrent.activations import get_activation
from darts_tf.recurrent_genotype import RecurrentGenotype


def import_modules(flag, modules):
    """Imports modules by name.

    Args:
        flag: Name of the flag that an error speaks of.
        modules: Names of modules.

    Raises:
        UserError: If one cannot be imported.
    """
    for module in modules:
        if not all(name.isidentifier() for name in module.split(".")):
            raise UserError(
                f"--{flag}: {module!r} is no name of a module; expected one such as "
                "package.module."
            )
        try:
            importlib.import_module(module)
        except (Exception, SystemExit) as error:  # a user's module may raise anything
            reason = f"{type(error).__name__}: {error}{_place(error, module)}"
            raise UserError(
                f"--{flag}={module}: the module cannot be imported ({reason})."
            ) from error


def _place(error, module):
    """Where in the user's own code an import failed; empty if not in there."""
    if isinstance(error, SyntaxError):
        # Its text names the line, but not the folder of the file.
        return f", {error.filename}"
    package = module.partition(".")[0]
    places = [
        f", {frame.f_code.co_filename}, line {line}"
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_globals.get("__name__", "").partition(".")[0] == package
    ]
    return places[-1] if places else ""


def load_genotype(text):
    """Finds a genotype by what a user types, all of whose primitives are registered.

    Args:
        text: See `Genotype.from_name_or_file`.

    Raises:
        UserError: If there is no such genotype, or a primitive is unknown.
    """
    genotype = Genotype.from_name_or_file(text)
    nodes = [*genotype.normal.nodes, *genotype.reduce.nodes]
    edges = [edge for node in nodes for edge in node]
    _check_registered(text, edges, get_primitive, "primitive_modules")
    return genotype


def load_recurrent_genotype(text):
    """Finds a recurrent genotype by what a user types.

    Args:
        text: See `RecurrentGenotype.from_name_or_file`.

    Raises:
        UserError: If there is no such genotype, or an activation is unknown.
    """
    genotype = RecurrentGenotype.from_name_or_file(text)
    _check_registered(text, genotype.nodes, get_activation, "activation_modules")
    return genotype


def _check_registered(text, edges, get, flag):
    for edge in edges:
        try:
            get(edge.primitive)
        except ValueError as error:
            raise UserError(
                f"--genotype={text}: {error} Where it is one of your own, import its "
                f"module with --{flag}."
            ) from error
