"""What `import darts_tf as dt` has, and when it is imported."""

import subprocess
import sys

import pytest

import darts_tf as dt
from darts_tf.settings import Settings

CONFIGURATIONS = (
    "BaselineConfig",
    "ExportConfig",
    "ImageTrainingConfig",
    "LanguageConfig",
    "RecurrentBaselineConfig",
    "RecurrentSearchConfig",
    "SearchConfig",
)
TASKS = ("baseline", "export", "load", "search", "train")
PACKAGES = {
    "comparison": "ComparisonConfig",
    "convolutional": "SearchNetwork",
    "costs": "CostModel",
    "data": "ImageStream",
    "distribution": "DistributedModel",
    "experiments": "ConvolutionalSearch",
    "front": "FrontConfig",
    "genotype": "CellsGenotype",
    "optimization": "MomentumSGD",
    "protocol": "ProtocolConfig",
    "recurrent": "LanguageModel",
    "rivals": "Strategy",
    "runs": "Experiment",
    "serving": "ExportConfig",
    "space": "SearchSpace",
    "spaces": "NamedSpace",
    "tuning": "StrategyOracle",
    "trials": "Budget",
    "weights": "ImportConfig",
    "zero_cost": "Score",
}
ALONE = """
import sys
import darts_tf as dt
assert dt.Genotype.published("DARTS_V2") and issubclass(dt.UserError, ValueError)
assert dt.space.SearchSpace and "tensorflow" not in sys.modules
assert dt.runs.Experiment and "tensorflow" in sys.modules
assert dt.SearchConfig().order == "second"
"""


def test_tensorflow_comes_when_it_is_needed():
    subprocess.run([sys.executable, "-c", ALONE], check=True)


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_configurations_are_documented_at_the_top(name):
    config = getattr(dt, name)
    assert issubclass(config, Settings) and "Attributes:" in config.__doc__
    assert name in dir(dt)


def test_tasks_are_at_the_top():
    assert all(callable(getattr(dt, name)) and name in dir(dt) for name in TASKS)


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_need_no_import(package):
    assert isinstance(getattr(getattr(dt, package), PACKAGES[package]), type)
    assert package in dir(dt)


@pytest.mark.parametrize("module", [dt, dt.experiments])
def test_other_names_are_refused(module):
    with pytest.raises(AttributeError, match="has no attribute 'none_such'"):
        getattr(module, "none_such")  # noqa: B009
