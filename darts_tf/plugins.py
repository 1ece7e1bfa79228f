"""Python modules that register what they have: those of a user, and of a package."""

import importlib
import itertools
import pkgutil
import traceback
from collections.abc import Iterable
from types import ModuleType
from typing import TypeVar

from darts_tf.errors import UserError

Item = TypeVar("Item")


def import_modules(name: str, modules: Iterable[str]) -> None:
    """Imports modules by name.

    Args:
        name: The setting that an error speaks of.
        modules: Names of modules.

    Raises:
        UserError: If one cannot be imported.
    """
    for module in modules:
        if not all(part.isidentifier() for part in module.split(".")):
            raise UserError(
                f"`{name}`: {module!r} is no name of a module; expected one such as "
                "package.module."
            )
        try:
            importlib.import_module(module)
        except (Exception, SystemExit) as error:  # a user's module may raise anything
            reason = f"{type(error).__name__}: {error}{_place(error, module)}"
            raise UserError(
                f"`{name}`={module}: the module cannot be imported ({reason})."
            ) from error


def _place(error: BaseException, module: str) -> str:
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


def instances_in(modules: Iterable[ModuleType], kind: type[Item]) -> list[Item]:
    """Returns the instances of a class that modules have.

    Args:
        modules: The modules.
        kind: The class.
    """
    items = itertools.chain.from_iterable(vars(module).values() for module in modules)
    return [item for item in items if isinstance(item, kind)]


def subclasses_in(modules: Iterable[ModuleType], kind: type[Item]) -> list[type[Item]]:
    """Returns the subclasses of a class that modules define; not what they import.

    Args:
        modules: The modules.
        kind: The class.
    """
    modules = list(modules)
    names = {module.__name__ for module in modules}
    classes = [x for x in instances_in(modules, type) if x.__module__ in names]
    return [x for x in classes if issubclass(x, kind)]


def modules_of(package: ModuleType) -> list[ModuleType]:
    """Imports the modules of a package, whose names need stand nowhere.

    Args:
        package: The package.

    Returns:
        The modules, in the order of their names.
    """
    names = (module.name for module in pkgutil.iter_modules(package.__path__))
    return [importlib.import_module(f"{package.__name__}.{name}") for name in names]
