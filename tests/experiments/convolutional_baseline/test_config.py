import pytest

from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_baseline.config import BaselineConfig
from darts_tf.experiments.convolutional_evaluation.config import ImageTrainingConfig
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.settings import settings_of, values_of
from darts_tf.tasks.configuration import configured


def test_a_trial_is_the_training_of_the_paper_but_shorter():
    config = BaselineConfig()
    training = config.training_config(3)
    differ = {
        name
        for name, value in values_of(ImageTrainingConfig()).items()
        if getattr(training, name) != value
    }
    assert differ == {"epochs", "seed", "genotype"}
    assert training.epochs == 100 and training.seed == config.trial_seed(3)


def test_all_settings_of_a_training_reach_the_trial():
    changes = {"layers": 3, "cutout": False, "label_smoothing": 0.1, "epochs": 2}
    training = BaselineConfig(**changes, seed=4).training_config(1)
    assert {name: getattr(training, name) for name in changes} == changes


def test_seed_and_halves_are_those_of_a_search():
    for name in ("seed", "train_portion"):
        assert getattr(BaselineConfig(), name) == getattr(SearchConfig(), name)


def test_a_space_settles_sizes_and_operations():
    config = configured(BaselineConfig(), space="nasbench201")
    assert (config.layers, config.init_channels, config.nodes) == (15, 16, 3)
    assert config.epochs == 100 and not config.auxiliary
    assert config.checked_space().kinds == ("nasbench201",)
    other = configured(BaselineConfig(), space="nasbench201", layers=6)
    assert other.layers == 6


def test_a_table_is_of_its_space():
    config = configured(BaselineConfig(), table="x.npz")
    assert config.space == "nasbench201" and config.nodes == 3


def test_a_table_knows_trials_alone():
    for budget in ("3steps", "1h"):
        with pytest.raises(UserError, match=f"`budget`={budget}: a table knows"):
            BaselineConfig(table="x.npz", budget=budget)


def test_a_table_has_one_number_of_epochs_and_no_images():
    with pytest.raises(UserError, match="`method`=hyperband trains for different"):
        BaselineConfig(table="x.npz", method="hyperband")
    with pytest.raises(UserError, match="`method`=zero_cost measures networks on im"):
        BaselineConfig(table="x.npz", method="zero_cost")


def test_what_a_run_may_continue_with():
    fields = settings_of(BaselineConfig)
    free = {name for name, x in fields.items() if x.metadata["setting"].free}
    assert {"budget", "workers", "devices"} <= free
    assert not free & {"method", "configuration", "method_settings", "seed", "epochs"}
