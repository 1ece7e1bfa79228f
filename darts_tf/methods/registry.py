"""The published methods by name, found by themselves, and those that are registered."""

from darts_tf.methods import presets
from darts_tf.methods.preset import Preset
from darts_tf.plugins import modules_of
from darts_tf.registry import Registry

_PRESETS: Registry[Preset] = Registry("method", Preset)


def register_preset(preset: Preset) -> Preset:
    """Makes a method known by its name.

    Args:
        preset: The method.

    Returns:
        The method.

    Raises:
        ValueError: If it is none, or another one has its name.
    """
    return _PRESETS.register(preset)


def get_preset(name: str) -> Preset:
    """Returns the method of a name, or raises a `ValueError`."""
    return _PRESETS.known(name)


def preset_names(kind: str) -> tuple[str, ...]:
    """Returns the names of the methods for images (`"convolutional"`) or texts."""
    return tuple(name for name, preset in _PRESETS.items() if preset.serves(kind))


for _module in modules_of(presets):
    register_preset(_module.PRESET)
