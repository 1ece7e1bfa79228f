import dataclasses

import pytest

from darts_tf.errors import UserError
from darts_tf.protocol.checks import check_data, check_parts
from darts_tf.protocol.config import ProtocolConfig
from darts_tf.protocol.paper import paper_plan


def parts(**settings):
    config = ProtocolConfig(
        method=("darts",), dataset="digits", searches=1, trainings=1, **settings
    )
    return paper_plan(config).parts


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"search_settings": ("layers=0",)}, "searches/darts-1: `layers`=0"),
        ({"search_settings": ("primitives=any",)}, "searches/darts-1: `primitives`"),
        ({"training_settings": ("learning_rate=-1",)}, "trainings/darts-1: `learning"),
        ({"space": "none_such"}, "searches/darts-1: `space`=none_such"),
        ({"progress": 9, "published": ("any",)}, "progress/any: No genotype found"),
    ],
)
def test_settings_are_refused_by_the_part_that_has_them(settings, message):
    with pytest.raises(UserError, match=message):
        check_parts(parts(**settings))


def test_names_are_folders_of_one_part():
    (search, training) = parts()
    same = dataclasses.replace(training, name=search.name)
    with pytest.raises(UserError, match="would be called searches/darts-1"):
        check_parts([search, same])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("batch_size=5000", "fewer than `batch_size`=5000"),
        ("image_size=4,stem=imagenet,cutout=no", "Images of 4 x 4 pixels are too"),
    ],
)
def test_data_are_opened_before_all(settings, message):
    check_data(parts())
    with pytest.raises(UserError, match=rf"trainings/darts-1: .*{message}"):
        check_data(parts(training_settings=tuple(settings.split(","))))
