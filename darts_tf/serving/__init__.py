"""Trained networks for other programs."""

from darts_tf.serving.exporters import export_run as export_run
from darts_tf.serving.image_export import ExportConfig as ExportConfig
