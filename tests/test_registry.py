import pytest

from darts_tf.registry import Registry


class Item:
    def __init__(self, source):
        self.source = source


def test_items_by_their_names():
    items = Registry("item")
    assert items.register("b", first := Item("one")) is first
    items.register("a", Item("two"))
    assert items.known("b") is first
    with pytest.raises(ValueError, match=r"`item`, expected one of a, b\. .*'c'"):
        items.known("c")


def test_an_item_that_is_made_again_takes_the_place_of_the_one_before():
    items = Registry("item")
    items.register("a", Item("one"))
    assert items.register("a", again := Item("one")) is items.known("a") is again
    with pytest.raises(ValueError, match="`item`, expected one of another name than a"):
        items.register("a", Item("two"))
    assert items.known("a") is again


def test_an_origin_of_another_kind():
    lengths = Registry("text", origin=len)
    lengths.register("a", "one")
    assert lengths.register("a", "two") == "two"
    with pytest.raises(ValueError, match="which is taken"):
        lengths.register("a", "three")
