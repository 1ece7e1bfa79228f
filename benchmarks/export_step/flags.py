"""Flags of `benchmarks.export_step`: the settings of `ExportStepConfig`."""

from benchmarks.export_step.settings import ExportStepConfig
from benchmarks.search_step.settings import FULL_SIZES
from benchmarks.search_step.shared_flags import SizedFlags

export_step_flags = SizedFlags(ExportStepConfig, {"sizes": FULL_SIZES})
