import unittest.mock

import pytest

from darts_tf.space.search_space import convolutional_space
from darts_tf.spaces import registry
from darts_tf.spaces.named_space import NamedSpace
from tests.build_files import ROOT


@pytest.fixture(autouse=True)
def spaces():
    """The registry as it was."""
    with unittest.mock.patch.dict(registry._SPACES):
        yield


def own_space(name="my_space", source="a test", **arguments):
    primitives = ("skip_connect", "sep_conv_3x3")
    return NamedSpace(name, source, primitives, convolutional_space, **arguments)


def test_every_module_has_spaces():
    suite = [
        f"{network}_{operations}"
        for network in ("wide", "deep", "single_cell")
        for operations in ("regular", "no_skip", "all_skip")
    ]
    papers = ["nasnet", "enas", "nao", "pnas", "amoebanet", "hierarchical"]
    listed = ["nasnet", "enas", "nao", "darts", "pnasnet", "evolutionary"]
    names = ["darts", "nasbench201", "s1", "s2", "s3", "s4", "s5", *suite, *papers]
    names += [f"table1_{name}" for name in listed]
    assert sorted(registry.space_names()) == sorted(names)
    files = {file.stem for file in (ROOT / "darts_tf/spaces/known").glob("[a-z]*.py")}
    others = {"darts", "nasbench201", "robust_darts", "benchmark_suite", "table1"}
    assert files == others | set(papers)
    for name in names:
        assert registry.get_space(name).name == name


def test_a_space_of_ones_own():
    space = own_space()
    assert registry.register_space(space) is space
    assert registry.register_space(own_space()).name == "my_space"
    assert registry.get_space("my_space").source == "a test"
    with pytest.raises(ValueError, match="`space`, expected one of another name"):
        registry.register_space(own_space(source="another test"))
    with pytest.raises(ValueError, match=r"`space`, expected one of .*my_space"):
        registry.get_space("no_such_space")
    with pytest.raises(ValueError, match="`name`, expected a lower-case identifier"):
        own_space("My space")


def test_operations_are_those_of_the_space_unless_it_takes_others():
    others = ("skip_connect", "max_pool_3x3")
    with pytest.raises(ValueError, match="`primitives`, expected those of the space"):
        own_space().search_space(2, others)
    space = own_space(takes_primitives=True).search_space(2, others)
    assert space.of("normal").common_operations == others
    assert own_space().search_space(2).alpha_shapes()["reduce"] == (5, 2)
