"""Python modules of a user that register primitives or activations."""

import importlib

from darts_tf.errors import UserError


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
