"""What follows from the name of a space, for flags and for keyword arguments."""

import json
import unittest.mock

import pytest

from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_evaluation.config import ImageTrainingConfig
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.experiments.space_settings import space_of_search
from darts_tf.spaces import registry
from darts_tf.spaces.registry import get_space, register_space
from darts_tf.tasks.configuration import configured
from flags.image_training import training_flags
from flags.search import search_flags
from tests.flags.programs import config_of


def searched(*arguments):
    return config_of(search_flags, *arguments)


def trained(*arguments):
    return config_of(training_flags, *arguments)


def test_darts_has_the_defaults_of_the_configuration():
    assert searched("--space=darts") == SearchConfig()
    assert trained("--space=darts") == ImageTrainingConfig()


def test_a_space_settles_sizes_and_operations():
    config = searched("--space=nasbench201")
    assert (config.layers, config.nodes, config.init_channels) == (15, 3, 16)
    assert config.primitives == get_space("nasbench201").primitives
    assert config == configured(SearchConfig(), space="nasbench201")
    config = searched("--space=single_cell_no_skip")
    assert (config.layers, config.nodes, config.init_channels) == (1, 8, 26)
    assert (config.batch_size, config.epochs) == (96, 100)
    assert "skip_connect" not in config.primitives


def test_what_a_user_gives_goes_before():
    config = searched("--space=nasbench201", "--layers=3", "--weight_decay=0.1")
    assert (config.layers, config.weight_decay, config.nodes) == (3, 0.1, 3)
    assert config == configured(
        SearchConfig(), space="nasbench201", layers=3, weight_decay=0.1
    )
    # Also the default of DARTS, if it is given.
    assert searched("--space=nasbench201", "--layers=8").layers == 8


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--space=no_such_space"], "`space`=no_such_space: expected one of .*darts"),
        (["--space=s2", "--primitives=skip_connect"], "expected those of the space s2"),
        (["--space=s1", "--nodes=5"], "at most 4 in S1"),
        (["--space=s2", "--primitive_modules=no_such_module"], "no_such_module"),
    ],
)
def test_what_does_not_fit_is_refused_before_work_starts(arguments, message):
    with pytest.raises(UserError, match=message):
        searched(*arguments).check_primitives()


def test_a_table_of_other_cells_is_refused(tmp_path, table_folder):
    path = table_folder / "nasbench201.npz"
    assert searched("--space=nasbench201").open_table() is None
    table = searched("--space=nasbench201", f"--table={path}").open_table()
    assert len(table) == 15_625
    for arguments, message in (
        (["--space=darts"], "has several kinds of cells"),
        (["--space=nasbench201", "--nodes=2"], "not those of the search"),
        (["--space=single_cell_regular"], "not those of the search"),
    ):
        with pytest.raises(UserError, match=message):
            searched(*arguments, f"--table={path}").open_table()
    with pytest.raises(UserError, match="a table of cells"):
        searched("--space=nasbench201", f"--table={tmp_path / 'x'}").open_table()


@pytest.fixture
def folder(tmp_path):
    """The folder of a search in S2."""
    config = {"settings": {"space": "s2"}}
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "genotype_best.json").write_text("{}")
    (tmp_path / "genotypes").mkdir()
    (tmp_path / "genotypes" / "epoch_001.json").write_text("{}")
    return tmp_path


def test_a_genotype_is_of_the_space_of_its_search(folder):
    paths = (folder, folder / "genotype_best.json", folder / "genotypes/epoch_001.json")
    for path in paths:
        assert space_of_search(str(path)) == "s2"
        config = trained(f"--genotype={path}")
        assert (config.space, config.layers, config.init_channels) == ("s2", 8, 16)
        assert config == configured(ImageTrainingConfig(), genotype=str(path))
    assert trained(f"--genotype={folder}", "--layers=5").layers == 5


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"settings": []}', "\x00"])
def test_anything_else_is_of_darts(folder, text):
    assert space_of_search("DARTS_V2") == "darts"
    (folder / "config.json").write_text(text)
    assert space_of_search(str(folder)) == "darts"


def test_a_space_of_ones_own_comes_with_its_module(tmp_path, monkeypatch):
    module = (
        "from darts_tf.space.search_space import convolutional_space\n"
        "from darts_tf.spaces import NamedSpace, register_space\n"
        "register_space(NamedSpace('mine', 'a test', ('skip_connect',),\n"
        "    convolutional_space, search={'layers': 2}))\n"
    )
    (tmp_path / "module_of_a_space.py").write_text(module)
    monkeypatch.syspath_prepend(tmp_path)
    with unittest.mock.patch.dict(registry._SPACES):
        config = searched("--space=mine", "--primitive_modules=module_of_a_space")
        assert (config.layers, config.primitives) == (2, ("skip_connect",))
        assert config.search_space().kinds == ("normal", "reduce")
        assert register_space(get_space("mine")).source == "a test"
