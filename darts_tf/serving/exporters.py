"""Choice of the exporter for a run or a model file."""

from darts_tf.errors import UserError
from darts_tf.experiments.recurrent_evaluation.results import (
    CONFIG_FORMAT as LANGUAGE_TRAINING,
)
from darts_tf.serving.export_config import ExportConfig
from darts_tf.serving.image_export import export_image_model
from darts_tf.serving.language_export import export_language_run
from darts_tf.serving.trained_network import IMAGE_TRAINING, run_format

# Exporters by the format of a run's configuration.
_EXPORTERS = {
    IMAGE_TRAINING: export_image_model,
    LANGUAGE_TRAINING: export_language_run,
}


def export_run(config: ExportConfig) -> str:
    """Exports the network of a run.

    Args:
        config: `ExportConfig`.

    Returns:
        What was written, as text.

    Raises:
        UserError: If an input is wrong; nothing is written then.
    """
    format = run_format(config.run)
    if format not in _EXPORTERS:
        raise UserError(
            f"`run`={config.run} is a {format!r}; expected a training, one of "
            f"{', '.join(_EXPORTERS)}."
        )
    return _EXPORTERS[format](config)
