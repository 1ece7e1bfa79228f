import pytest
from absl import flags

from darts_tf.errors import SettingError
from darts_tf.runs.run_settings import RunSettings
from darts_tf.settings import (
    REQUIRED,
    Settings,
    changed,
    known_of,
    setting,
    settings_of,
)
from flags.run_flags import RunFlags
from flags.setting_flags import SettingFlags
from tests.flags.programs import PROGRAMS, config_of


class Toy(Settings):
    """A configuration."""

    name: str = setting(REQUIRED, "Name of x. Required.", group="A")
    count: int = setting(2, "Number of `names`.", group="B", least=1, most=5)
    rate: float = setting(0.5, "Rate of x.", group="A", above=0.0, most=1.0)
    flip: bool | None = setting(None, "Whether x; default: if y.", group="B")
    form: str = setting("a", "Form of x, not `seed`.", group="B", choices=("a", "b"))
    names: tuple[str, ...] = setting(("x",), "Names of x.", group="B")
    means: tuple[float, ...] = setting((), "Means of x.", group="B", above=0.0)
    forms: tuple[str, ...] = setting((), "Forms.", group="A", choices=("a", "b"))


def parse(*arguments, config=Toy):
    return config_of(SettingFlags(config), *arguments)


@pytest.mark.parametrize("program_flags", PROGRAMS.values(), ids=PROGRAMS)
def test_defaults_are_those_of_the_configuration(program_flags):
    config = program_flags.config
    names = [name for name in settings_of(config) if not hasattr(config, name)]
    found = config_of(program_flags, *(f"--{name}=x" for name in names))
    assert found == config(**dict.fromkeys(names, "x"))


def test_values_reach_the_configuration():
    assert parse("--name=n") == Toy("n")
    config = parse(
        "--name=n",
        "--count=3",
        "--noflip",
        "--form=b",
        "--names=u,v",
        "--means=1,0.5",
        "--forms=b,a",
    )
    assert config == Toy("n", 3, 0.5, False, "b", ("u", "v"), (1.0, 0.5), ("b", "a"))


def test_helps_name_flags():
    groups = SettingFlags(Toy).define(flags.FlagValues())
    assert list(groups) == ["A", "B"] and list(groups["A"]) == ["name", "rate", "forms"]
    assert groups["B"]["count"] == "Number of --names."
    assert groups["B"]["form"] == "Form of x, not `seed`."


@pytest.mark.parametrize(
    "argument",
    [
        "--count=0",
        "--count=6",
        "--count=x",
        "--rate=0",
        "--rate=1.5",
        "--rate=nan",
        "--form=c",
        "--means=1,x",
        "--means=1,0",
        "--means=inf",
        "--forms=a,c",
        "--flip=maybe",
        "--seed=1",
    ],
)
def test_bad_values(argument):
    name = argument[2:].split("=")[0]
    with pytest.raises(flags.Error, match=name):
        parse("--name=n", argument)


def test_a_value_that_must_be_given():
    with pytest.raises(flags.Error, match="name"):
        parse()


def test_settings_that_do_not_fit_together():
    class Fitting(Toy):
        """A configuration."""

        def __post_init__(self):
            super().__post_init__()
            if self.count > len(self.names):
                raise SettingError("count", self.count, "one name each")

    with pytest.raises(SettingError, match="`count`=2: expected one name each"):
        parse("--name=n", config=Fitting)


@pytest.mark.parametrize("program_flags", PROGRAMS.values(), ids=PROGRAMS)
def test_a_help_begins_with_what_is_set_and_is_a_sentence(program_flags):
    groups = program_flags.define(flags.FlagValues())
    for name, help in ((n, h) for helps in groups.values() for n, h in helps.items()):
        first, *others = help.split()
        assert first[0].isupper() and others, name
        assert first not in ("Of", "At", "For", "To", "The", "How", "What"), name
        assert help.endswith(".") and "`" not in help, name


def test_all_runs_have_the_settings_of_runs():
    """So a setting that is added to them, in one file, has a flag in all binaries."""

    class More(Settings):
        """One more setting of all runs."""

        patience: int = setting(1, "Patience in epochs.", group="Run", least=0)

    runs = [x for x in PROGRAMS.values() if isinstance(x, RunFlags)]
    for cls in (program_flags.config for program_flags in runs):

        class Extended(cls, More):
            """A configuration with the setting."""

        values = flags.FlagValues()
        groups = SettingFlags(Extended).define(values)
        assert groups["Run"]["patience"] == "Patience in epochs."
        assert set(settings_of(Extended)) == {*settings_of(cls), "patience"}
        assert values["patience"].default == 1
        assert set(settings_of(RunSettings)) <= set(settings_of(cls))


def test_a_changed_setting_keeps_its_group_and_bounds():
    class Other(Toy):
        """A configuration."""

        count: int = changed(Toy, "count", default=4)

    assert known_of(settings_of(Other)["count"]) == known_of(settings_of(Toy)["count"])
    with pytest.raises(flags.Error, match="count"):
        parse("--name=n", "--count=6", config=Other)
