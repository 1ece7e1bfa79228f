"""The published method whose settings are the defaults of a search."""

import functools
import inspect
from collections.abc import Callable

from darts_tf.errors import UserError, invalid_value
from darts_tf.methods import Preset, get_preset, preset_names
from darts_tf.settings import settings_of


def method_help(kind: str) -> str:
    """Returns the help of `method` in searches of a kind."""
    return (
        "Name of the published method whose settings are the defaults of this search; "
        f"those of its parts overrule them. One of {', '.join(preset_names(kind))}."
    )


def get_preset_for(name: str, kind: str) -> Preset:
    """Returns the preset of a name.

    Raises:
        UserError: If there is none, or none for this kind of search.
    """
    names = preset_names(kind)
    if name not in names:
        expected = f"one of {', '.join(names)}"
        raise UserError(str(invalid_value("method", expected, name)))
    return get_preset(name)


def following_the_method(init: Callable[..., None]) -> Callable[..., None]:
    """Decorates the constructor of `MethodSettings`.

    What it does not get, it takes from the method that it gets.
    """
    signature = inspect.signature(init)

    @functools.wraps(init)
    def filled(self, *args, **kwargs):
        given = signature.bind_partial(self, *args, **kwargs).arguments
        fields = settings_of(self)
        if isinstance(given.get("method"), str) and not fields.keys() <= given.keys():
            defaults = {name: field.default for name, field in fields.items()}
            follow = self.defaults_with({**defaults, **given}).items()
            kwargs |= {name: value for name, value in follow if name not in given}
        init(self, *args, **kwargs)

    return filled
