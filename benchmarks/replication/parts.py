"""The runs of the small replication as parts, as protocols have them."""

import dataclasses
from pathlib import Path
from typing import Any

from benchmarks.replication.items import (
    EVOLUTION,
    FIRST,
    PC_DARTS,
    RANDOM,
    SECOND,
    Item,
)
from benchmarks.replication.log import ReplicationLog
from benchmarks.replication.settings import TEXTS, TRIAL_EPOCHS, ReplicationConfig
from benchmarks.run_log import mark_of
from darts_tf.atomic_file import write_atomically
from darts_tf.protocol.part import Part
from darts_tf.protocol.programs import programs_for

# The finite difference is how the paper computes the second order (equation 8). With
# so few trials, evolution needs a population of fewer still.
_BY_GRADIENT = {
    SECOND: {"method": "darts", "order": "second", "hessian": "finite_difference"},
    FIRST: {"method": "darts", "order": "first"},
    PC_DARTS: {"method": "pc_darts", "order": "first"},
}
_RIVALS = {
    RANDOM: {"method": "random"},
    EVOLUTION: {"method": "evolution", "method_settings": ("population=4", "sample=2")},
}
# The epochs in which PC-DARTS moves w alone: 15 of 50.
_FROZEN_SHARE = 0.3
# The rate of alpha is the paper's for texts; for images it is ten times the paper's,
# since there are about a tenth of its steps.
_GRADIENT = {"arch_learning_rate": 0.003, "eigenvalue": "off"}
_LEARNING_RATE = 0.025
# A few hundred steps of a small network need no regularization.
_PLAIN = {"auxiliary": False, "drop_path_rate": 0.0}
# Those of the paper are for large networks and many epochs.
_DROPOUTS = {
    f"dropout_{name}": 0.1
    for name in ("words", "embedded", "inputs", "hidden", "outputs")
}
_THREADS = {"intra_op_threads": 1, "inter_op_threads": 1}


@dataclasses.dataclass(frozen=True)
class LoggedCells:
    """The cells that a search in the log has found, wherever it was done.

    Attributes:
        search: The search.
        part: Name of its part.
        log: The log.
    """

    search: Item
    part: str
    log: ReplicationLog

    @property
    def awaits(self) -> tuple[str, ...]:
        """The search, until it is in the log."""
        return () if self.log.holds(self.search) else (self.part,)

    def settings(self, folder: Path) -> dict[str, Any]:
        """Writes the cells to a file.

        Args:
            folder: The folder of all runs.

        Returns:
            The settings of a training that name it.
        """
        path = folder / f"{self.part}.json"
        write_atomically(path, self.log.rows_of(self.search)[0]["genotype"] + "\n")
        return {"genotype": str(path)}


def part_of(config: ReplicationConfig, item: Item, log: ReplicationLog) -> Part:
    """Returns the part that is a run; its name has the mark of its settings.

    Args:
        config: The settings.
        item: The run.
        log: The log, which knows the cells that a training is of.
    """
    is_text = item.kind == TEXTS
    programs = programs_for(config.text if is_text else config.dataset, is_text)
    settings = {
        **(_text_settings if is_text else _image_settings)(config, item),
        **_THREADS,
        "seed": item.training_seed if item.is_training else item.seed,
    }
    cells = None
    if item.is_training:
        program = programs.training
        cells = LoggedCells(item.search, part_of(config, item.search, log).name, log)
    else:
        program = programs.rival if item.method in _RIVALS else programs.search
    part = Part(item.name, program, settings, cells)
    return dataclasses.replace(part, name=f"{item.name}-{settings_mark(part)}")


def settings_mark(part: Part) -> str:
    """Returns a few letters that are the same for runs with the same settings.

    Those of the search that has found the cells are among them; where the data lie does
    not count.

    Args:
        part: The run.
    """
    settings = {k: v for k, v in part.settings.items() if k != "data_dir"}
    cells = part.cells.part if isinstance(part.cells, LoggedCells) else None
    return mark_of([part.program.module, settings, cells])


def _image_settings(config: ReplicationConfig, item: Item) -> dict[str, Any]:
    settings = {
        **_data(config.dataset, config.data_dir),
        "layers": config.layers,
        "init_channels": config.init_channels,
        "batch_size": config.batch_size,
        "learning_rate": _LEARNING_RATE,
        "steps_per_epoch": config.trial_steps,
    }
    if item.is_training:
        return {**settings, **_PLAIN, "epochs": config.training_epochs}
    settings["validation_steps"] = config.validation_steps
    if item.method in _RIVALS:
        return {
            **settings,
            **_PLAIN,
            **_RIVALS[item.method],
            "budget": f"{config.trials * config.trial_steps}steps",
            "epochs": TRIAL_EPOCHS,
            "steps_per_epoch": config.trial_steps // TRIAL_EPOCHS,
        }
    frozen = int(_FROZEN_SHARE * config.trials) if item.method == PC_DARTS else 0
    return {
        **settings,
        **_BY_GRADIENT[item.method],
        **_GRADIENT,
        "epochs": config.trials,
        "frozen_epochs": frozen,
    }


def _text_settings(config: ReplicationConfig, item: Item) -> dict[str, Any]:
    settings = {
        **_data(config.text, config.text_dir),
        **_DROPOUTS,
        "sequence_length": 20,
        "vocabulary_size": config.text_vocabulary_size,
        "hidden_size": config.text_hidden_size,
        "batch_size": config.text_batch_size,
        "steps_per_epoch": config.text_trial_steps,
    }
    if item.is_training:
        # One stream, as in the paper, would take ten times as long.
        return {
            **settings,
            "epochs": config.text_training_epochs,
            "test_batch_size": 10,
        }
    if item.method in _RIVALS:
        return {
            **settings,
            **_RIVALS[item.method],
            "budget": f"{config.text_trials * config.text_trial_steps}steps",
            "epochs": 1,
        }
    gradient = {**_BY_GRADIENT[item.method], **_GRADIENT}
    return {**settings, **gradient, "epochs": config.text_trials}


def _data(dataset: str, folder: str | None) -> dict[str, Any]:
    return {"dataset": dataset, **({"data_dir": folder} if folder else {})}
