"""The published methods by name, found by themselves, and those that are registered."""

from darts_tf.errors import invalid_value
from darts_tf.methods import presets
from darts_tf.methods.preset import Preset
from darts_tf.plugins import modules_of

_PRESETS: dict[str, Preset] = {}


def register_preset(preset: Preset) -> Preset:
    """Makes a method known by its name.

    Args:
        preset: The method.

    Returns:
        The method.

    Raises:
        ValueError: If another one has its name.
    """
    if _PRESETS.get(preset.name, preset) != preset:
        raise invalid_value("preset", "one of another name", preset.name)
    _PRESETS[preset.name] = preset
    return preset


def get_preset(name: str) -> Preset:
    """Returns the method of a name, or raises a `ValueError`."""
    if name not in _PRESETS:
        raise invalid_value("method", f"one of {', '.join(_PRESETS)}", name)
    return _PRESETS[name]


def preset_names(kind: str) -> tuple[str, ...]:
    """Returns the names of the methods for images (`"convolutional"`) or texts."""
    return tuple(name for name, preset in _PRESETS.items() if preset.serves(kind))


def _find_presets() -> None:
    for module in modules_of(presets):
        register_preset(module.PRESET)


_find_presets()
