"""Trained networks for other programs."""

from darts_tf.serving.export_config import ExportConfig as ExportConfig
from darts_tf.serving.exporters import export_run as export_run
