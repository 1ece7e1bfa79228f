import dataclasses
from pathlib import Path

import pytest

from darts_tf.errors import SettingError
from darts_tf.settings import (
    REQUIRED,
    Settings,
    added_settings,
    changed,
    free_settings,
    groups_of,
    setting,
    settings_of,
    values_of,
)


class Everywhere(Settings):
    """What all have."""

    group_order = ("Data", "Run")
    name: str = setting(REQUIRED, "Name of x. Required.", group="Data")
    seed: int = setting(1, "Number of x.", group="Run", least=0, most=9)
    folder: str | None = setting(
        None, "Folder; default is none.", group="Data", free=True
    )


class Rates(Settings):
    """What some have."""

    rate: float = setting(0.5, "Rate of x.", group="Rates", above=0.0, most=1.0)
    means: tuple[float, ...] = setting((), "Means of x.", group="Data")
    form: str = setting("a", "Form of x.", group="Run", choices=("a", "b"))


class Config(Rates, Everywhere):
    """A configuration."""

    seed: int = changed(Everywhere, "seed", default=2, help="Number of y.")
    flip: bool | None = setting(
        None, "Whether x; default: if y.", group="Run", added=True, formerly=False
    )


def test_defaults():
    config = Config(name="x")
    assert dataclasses.is_dataclass(config) and hash(config) == hash(Config(name="x"))
    assert (config.seed, config.folder, config.rate) == (2, None, 0.5)
    assert Everywhere("x").seed == 1
    with pytest.raises(TypeError, match="name"):
        Config()
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.seed = 3


def test_the_order_is_that_of_the_base_classes():
    names = ["rate", "means", "form", "name", "seed", "folder", "flip"]
    assert list(settings_of(Config)) == names
    assert list(values_of(Config(name="x"))) == names
    groups = {title: list(fields) for title, fields in groups_of(Config).items()}
    assert groups == {
        "Data": ["means", "name", "folder"],
        "Run": ["form", "seed", "flip"],
        "Rates": ["rate"],
    }
    assert list(groups) == ["Data", "Run", "Rates"]


def test_free_settings():
    assert free_settings(Config) == free_settings(Config(name="x")) == {"folder"}
    assert free_settings(Rates) == set()


def test_added_settings():
    assert added_settings(Config) == {"flip": False}
    assert added_settings(Rates) == {}


def test_the_help_of_python_lists_all_settings():
    assert Config.__doc__.startswith("A configuration.\n\nAttributes:\n    rate: Rate")
    assert "\n    seed: Number of y.\n" in Config.__doc__
    assert "\n    seed: Number of x.\n" in Everywhere.__doc__


def test_lists_and_paths():
    config = Config(name=Path("a/b"), means=[1, 0.5])
    assert config.name == "a/b" and config.means == (1, 0.5)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"seed": 10}, "`seed`=10: expected an integer from 0 to 9."),
        ({"seed": -1}, "`seed`=-1: expected an integer from 0 to 9."),
        ({"seed": 1.0}, "`seed`=1.0: expected an integer from 0 to 9."),
        ({"seed": True}, "`seed`=True: expected an integer from 0 to 9."),
        ({"seed": None}, "`seed`=None: expected an integer from 0 to 9."),
        ({"rate": 0}, "`rate`=0: expected a finite number"),
        ({"rate": float("nan")}, "`rate`=nan: expected a finite number"),
        ({"rate": float("inf")}, "`rate`=inf: expected a finite number"),
        ({"rate": 10**309}, "`rate`=1000"),
        ({"seed": 10**309}, "`seed`=1000"),
        ({"rate": "0.5"}, "`rate`=0.5: expected a finite number"),
        ({"means": (1, "a")}, "`means`=1,a: expected a tuple of finite numbers."),
        ({"means": 1.0}, "`means`=1.0: expected a tuple of finite numbers."),
        ({"form": "c"}, "`form`=c: expected one of a, b."),
        ({"folder": 3}, "`folder`=3: expected text or None."),
        ({"flip": 1}, "`flip`=1: expected True or False or None."),
    ],
)
def test_values_that_are_refused(values, message):
    with pytest.raises(SettingError) as error:
        Config(name="x", **values)
    assert str(error.value).startswith(message)
    with pytest.raises(SettingError):
        dataclasses.replace(Config(name="x"), **values)
