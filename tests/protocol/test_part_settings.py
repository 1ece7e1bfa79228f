import pytest

from darts_tf.errors import UserError
from darts_tf.protocol.config import ProtocolConfig
from darts_tf.protocol.part_settings import check_known, flags_of, given_settings
from darts_tf.protocol.programs import programs_for
from flags.search import search_flags
from tests.flags.programs import config_of

SEARCH, _, TRAINING, _ = programs_for("cifar10", is_text=False)
NAMES = ("part_settings", "search_settings")


def test_text_becomes_values_of_the_program():
    config = ProtocolConfig(
        part_settings=("layers=3", "auxiliary=no", "batch_size=32"),
        search_settings=("batch_size=16", "primitives=none,skip_connect", "flip=true"),
    )
    assert given_settings(config, NAMES, SEARCH) == {
        "layers": 3,
        "batch_size": 16,
        "primitives": ("none", "skip_connect"),
        "flip": True,
    }


def test_flags_give_the_same_configuration():
    settings = {
        "layers": 3,
        "primitives": ("none", "skip_connect"),
        "flip": False,
        "learning_rate": 1e-3,
        "image_size": None,
    }
    assert config_of(search_flags, *flags_of(settings)) == SEARCH.config(settings)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("layers", "expected a setting and its value"),
        ("seed=3", "the protocol itself settles seed"),
        ("layers=many", "'many' is no value"),
        ("cutout=maybe", "'maybe' is no value"),
        ("depth=3", "trainers.search has no such setting"),
    ],
)
def test_what_is_refused(text, message):
    with pytest.raises(
        UserError, match=f"`search_settings`={text}.*{message}|{message}"
    ):
        given_settings(ProtocolConfig(search_settings=(text,)), NAMES, SEARCH)


def test_settings_of_all_parts_are_known_to_one():
    config = ProtocolConfig(part_settings=("nodes=3",))
    check_known(config, "part_settings", [SEARCH, TRAINING])
    with pytest.raises(UserError, match="no part has such a setting"):
        check_known(config, "part_settings", [TRAINING])
