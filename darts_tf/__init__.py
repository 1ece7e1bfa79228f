"""Differentiable architecture search in Keras (arXiv 1806.09055).

`search`, `baseline`, `train`, `export` and `load` do what the binaries do;
`SearchConfig` and the other configurations document their settings.
`EvaluationNetwork.from_preset` makes a published network. All else is in packages:
`darts_tf.convolutional`, `darts_tf.recurrent` and so on.
"""

import importlib
import pkgutil
import sys
from typing import TYPE_CHECKING, Any

from darts_tf.errors import UserError as UserError
from darts_tf.genotype import Genotype as Genotype
from darts_tf.genotype import RecurrentGenotype as RecurrentGenotype
from darts_tf.version import __version__ as __version__

if TYPE_CHECKING:
    from darts_tf.convolutional import EvaluationNetwork as EvaluationNetwork
    from darts_tf.tasks import BaselineConfig as BaselineConfig
    from darts_tf.tasks import ExportConfig as ExportConfig
    from darts_tf.tasks import ImageTrainingConfig as ImageTrainingConfig
    from darts_tf.tasks import LanguageConfig as LanguageConfig
    from darts_tf.tasks import RecurrentBaselineConfig as RecurrentBaselineConfig
    from darts_tf.tasks import RecurrentSearchConfig as RecurrentSearchConfig
    from darts_tf.tasks import SearchConfig as SearchConfig
    from darts_tf.tasks import baseline as baseline
    from darts_tf.tasks import export as export
    from darts_tf.tasks import load as load
    from darts_tf.tasks import search as search
    from darts_tf.tasks import train as train

_TASKS = (
    "BaselineConfig",
    "ExportConfig",
    "ImageTrainingConfig",
    "LanguageConfig",
    "RecurrentBaselineConfig",
    "RecurrentSearchConfig",
    "SearchConfig",
    "baseline",
    "export",
    "load",
    "search",
    "train",
)
# The names that stand here beside the tasks, and the package of each.
_NETWORKS = {"EvaluationNetwork": "convolutional"}
_PACKAGES = tuple(x.name for x in pkgutil.iter_modules(__path__) if x.ispkg)
_WITHOUT_KERAS = ("genotype", "rivals", "space")


def __getattr__(name: str) -> Any:
    """Imports TensorFlow when it is needed, which takes seconds, and not before."""
    if name not in (*_TASKS, *_NETWORKS, *_PACKAGES):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # What is used by itself leaves the settings of a program that has Keras already.
    if name in _TASKS or (name not in _WITHOUT_KERAS and "keras" not in sys.modules):
        from darts_tf.startup import import_keras

        import_keras()
    if name in _PACKAGES:
        return importlib.import_module(f"{__name__}.{name}")
    if name in _NETWORKS:
        importlib.import_module(f"{__name__}.zoo")  # which has their presets
        return getattr(importlib.import_module(f"{__name__}.{_NETWORKS[name]}"), name)
    return getattr(importlib.import_module(f"{__name__}.tasks"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_TASKS, *_NETWORKS, *_PACKAGES})
