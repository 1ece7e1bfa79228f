"""Export of a trained network for images to files that other programs run."""

import numpy as np
import tensorflow as tf

from darts_tf.costs.latency.machine import processor_name
from darts_tf.costs.latency.measuring import Conditions
from darts_tf.costs.latency.verification import measured_latency
from darts_tf.data.images.augmentation import standardize
from darts_tf.formats.format import (
    FORMATS,
    SAVED_MODEL,
    check_packages,
    loaded_path,
)
from darts_tf.formats.model_files import write_model
from darts_tf.plugins import import_modules
from darts_tf.serving.export_config import ExportConfig
from darts_tf.serving.model_kind import CLASS_NAMES_FILE, image_kind
from darts_tf.serving.serving_model import (
    decode_files,
    serving_model,
    write_saved_model,
)
from darts_tf.serving.trained_network import TrainedNetwork, read_trained_network
from darts_tf.serving.verification import verify_outputs
from darts_tf.serving.versioned_folder import write_version


def export_image_model(config: ExportConfig) -> str:
    """Writes a new version, once it has been found to compute the same.

    Args:
        config: The `ExportConfig`.

    Returns:
        What was written and how far its outputs are from the network's, as text.

    Raises:
        UserError: If an input is wrong, or the outputs differ; nothing is written
            then.
    """
    check_packages("format", config.format)
    import_modules("primitive_modules", config.primitive_modules)
    trained, report = read_trained_network(config), []

    def write(folder):
        _write(trained, config.format, folder)
        report.extend(_compare(trained, config.format, folder))
        if config.verify_latency:
            report.append(_latency(config, folder))

    kind = image_kind(
        trained.image_shape, trained.network.num_classes, trained.class_names
    )
    version = write_version(config.output, FORMATS[config.format].file, kind, write)
    size = sum(path.stat().st_size for path in version.rglob("*") if path.is_file())
    return "\n".join([f"{version}: {config.format}, {size / 1e6:.2f} MB", *report])


def _write(trained, format, folder):
    model = serving_model(trained)
    if format == SAVED_MODEL:
        write_saved_model(model, trained, folder)
    else:
        write_model(model, format, folder)
    if trained.class_names:
        text = "".join(f"{name}\n" for name in trained.class_names)
        (folder / CLASS_NAMES_FILE).write_text(text, "utf-8")


def _compare(trained, format, folder):
    expected = network_outputs(trained, trained.images)
    if format == SAVED_MODEL:
        files = tf.stack([tf.io.encode_png(image) for image in trained.images])
        decoded = network_outputs(trained, decode_files(files, trained))
        expected |= {f"serving_bytes {kind}": v for kind, v in decoded.items()}
    path = loaded_path(format, folder)
    is_random = trained.network.draws_noise
    differences = verify_outputs(format, path, trained.images, expected, is_random)
    if is_random:
        yield "Its cells have noise, so that no two of its answers are the same."
    yield f"Compared in a process of its own on {trained.images_from}:"
    for name, difference in differences.items():
        yield f"  {name}: largest difference {difference:.2g}"


def _latency(config, folder):
    conditions = Conditions(config.format, config.threads)
    found = measured_latency(loaded_path(config.format, folder), conditions)
    threads = f"{config.threads} thread{'s' if config.threads > 1 else ''}"
    doubt = "" if found.is_certain else " Its measurements do not agree."
    return (
        f"One image takes {found.value:.3g} ms with {threads} on {processor_name()}."
        f"{doubt}"
    )


def network_outputs(
    trained: TrainedNetwork, images: np.ndarray | tf.Tensor
) -> dict[str, np.ndarray]:
    """Computes what an exported network has to, in full float32.

    GPUs multiply in TensorFloat-32 by default, which is coarser than the tolerance.

    Args:
        trained: A `TrainedNetwork`.
        images: Images with values in [0, 255].

    Returns:
        Dictionary of arrays of shape `(batch, classes)`, `logits` and `probabilities`.
    """
    standardized = standardize(images, trained.mean, trained.std)
    shortened = tf.config.experimental.tensor_float_32_execution_enabled()
    tf.config.experimental.enable_tensor_float_32_execution(False)
    try:
        logits = trained.network(standardized, training=False)
    finally:
        tf.config.experimental.enable_tensor_float_32_execution(shortened)
    return {
        "logits": np.array(logits),
        "probabilities": np.array(tf.nn.softmax(logits)),
    }
