"""A whole protocol: its parts, one after the other or side by side, and its report."""

import os
from pathlib import Path
from typing import Any

from darts_tf.errors import UserError
from darts_tf.experiments.kinds import read_run
from darts_tf.protocol.checks import check_data, check_parts
from darts_tf.protocol.config import PAPER, ProtocolConfig
from darts_tf.protocol.ended_parts import EndedParts
from darts_tf.protocol.paper import PaperPlan, paper_plan
from darts_tf.protocol.paper_report import paper_report
from darts_tf.protocol.part_settings import check_known
from darts_tf.protocol.progress_bar import ProgressBar
from darts_tf.protocol.report import Report, write_report
from darts_tf.protocol.scores import is_search, validation_error
from darts_tf.protocol.slots import slots_of
from darts_tf.protocol.suite import SuitePlan, suite_plan
from darts_tf.protocol.suite_report import suite_report
from darts_tf.protocol.walk import walk
from darts_tf.runs import provenance
from darts_tf.runs.run_folder import RunFolder
from darts_tf.settings import added_settings, free_settings, values_of
from darts_tf.trials.tuner_environment import find_tuner_process

NAME, FORMAT = "protocol", "darts_tf.protocol"


def run_protocol(
    config: ProtocolConfig, output: str | os.PathLike
) -> tuple[Report, list[Path]]:
    """Runs a protocol, or continues it where it was cut off.

    Args:
        config: The settings.
        output: Its folder, which gets a folder for each part, `report.html` and the
            tables.

    Returns:
        What was found, and the paths of its page and its tables.

    Raises:
        UserError: If anything in the input or the surroundings stops it; before the
            first part begins, all settings and data are checked.
    """
    if find_tuner_process():
        raise UserError(
            "A protocol starts searches of its own, which would take the variables "
            "KERASTUNER_* for theirs; unset these."
        )
    slots, plan = slots_of(config), plan_of(config)
    check_parts(plan.parts)
    identity = values_of(config)
    folder = RunFolder(output, FORMAT, free_settings(config), added_settings(config))
    folder.check(identity)
    path, ended = folder.path, EndedParts(folder.path)
    check_data(part for part in plan.parts if part not in ended)
    bar = ProgressBar(len(plan.parts), lambda name: _outcome(path / name))
    with folder.claimed(identity):
        _write_config(folder, identity, config)
        walk(plan.parts, path, slots, bar)
        report = _report(plan, config, path)
        return report, write_report(path, report)


def plan_of(config: ProtocolConfig) -> PaperPlan | SuitePlan:
    """Returns the parts that the settings describe.

    Args:
        config: The settings.

    Raises:
        UserError: If there is no such method, or a setting is refused.
    """
    plan = paper_plan(config) if config.protocol == PAPER else suite_plan(config)
    programs = dict.fromkeys(part.program for part in plan.parts)
    check_known(config, "part_settings", programs)
    return plan


def _report(plan: PaperPlan | SuitePlan, config: ProtocolConfig, folder: Path):
    if isinstance(plan, PaperPlan):
        return paper_report(plan, config, folder)
    return suite_report(plan, folder)


def _write_config(
    folder: RunFolder, settings: dict[str, Any], config: ProtocolConfig
) -> None:
    folder.write_config(
        settings,
        data={"name": config.dataset},
        versions=provenance.versions(),
        num_weights=0,  # each part has its own
        command=provenance.command(),
    )


def _outcome(folder: Path) -> str:
    """Says what a part has found."""
    run = read_run(folder)
    if "val_perplexity" in run.metrics:
        return f"validation perplexity {validation_error(run):.2f}"
    is_test = not is_search(run) and run.settings.get("evaluated", "test") == "test"
    return f"{'test' if is_test else 'validation'} error {validation_error(run):.2f} %"
