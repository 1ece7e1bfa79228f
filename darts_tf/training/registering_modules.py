"""Python modules of a user that register primitives or activations."""

import importlib

from darts_tf.convolutional.primitives import get_primitive
from darts_tf.errors import UserError
from darts_tf.genotype import Genotype


def import_modules(flag, modules):
    """Imports modules by name.

    Args:
        flag: Name of the flag that an error speaks of.
        modules: Names of modules.

    Raises:
        UserError: If one cannot be imported.
    """
    for module in modules:
        try:
            importlib.import_module(module)
        except ImportError as error:
            raise UserError(
                f"--{flag}={module}: the module cannot be imported ({error})."
            ) from error


def load_genotype(text):
    """Finds a genotype by what a user types, all of whose primitives are registered.

    Args:
        text: See `Genotype.from_name_or_file`.

    Raises:
        UserError: If there is no such genotype, or a primitive is unknown.
    """
    genotype = Genotype.from_name_or_file(text)
    for cell in (genotype.normal, genotype.reduce):
        for edge in [edge for node in cell.nodes for edge in node]:
            try:
                get_primitive(edge.primitive)
            except ValueError as error:
                raise UserError(
                    f"--genotype={text}: {error} Where it is one of your own, import "
                    "its module with --primitive_modules."
                ) from error
    return genotype
