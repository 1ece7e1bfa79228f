from operator import attrgetter

import pytest

from darts_tf.registry import Registry, check_identifier


class Item:
    def __init__(self, name, source):
        self.name, self.source = name, source


def test_items_by_their_names():
    items = Registry("item", Item)
    assert items.register(first := Item("b", "one")) is first
    items.register(Item("a", "two"))
    assert items.known("b") is first and items.names() == ("a", "b")
    with pytest.raises(ValueError, match=r"`item`, expected one of a, b\. .*'c'"):
        items.known("c")


def test_an_item_that_is_made_again_takes_the_place_of_the_one_before():
    items = Registry("item", Item)
    items.register(Item("a", "one"))
    assert items.register(again := Item("a", "one")) is items.known("a") is again
    with pytest.raises(ValueError, match="`item`, expected one of another name than a"):
        items.register(Item("a", "two"))
    assert items.known("a") is again


def test_classes_by_another_name_and_origin():
    class Special(Item):
        pass

    def other(Base):
        return type("Special", (Base,), {"__module__": "other"})

    classes = Registry("kind", Item, True, "__name__", attrgetter("__module__"))
    assert classes.register(Special) is classes.known("Special") is Special
    with pytest.raises(ValueError, match="which is taken"):
        classes.register(other(Item))
    for kind in (other(object), Special("a", "one"), None):
        with pytest.raises(ValueError, match="`kind`, expected a subclass of `Item`"):
            classes.register(kind)


@pytest.mark.parametrize("item", ["a", Item, None])
def test_what_is_no_item(item):
    with pytest.raises(ValueError, match="`item`, expected a `Item`"):
        Registry("item", Item).register(item)


def test_names_that_flags_can_have():
    check_identifier("s1_regular")
    for name in ("S1", "1s", "s-1", "s1\n", "", None, 3):
        with pytest.raises(ValueError, match="`name`, expected a lower-case identif"):
            check_identifier(name)
