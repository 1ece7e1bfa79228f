"""The kind of an exported model, by which another kind is refused its place."""

import contextlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from google.protobuf.message import DecodeError

from darts_tf.errors import shortened
from darts_tf.formats.format import FORMATS, SAVED_MODEL
from darts_tf.tensorflow_private import parse_saved_model

KIND_FILE = "model_kind.json"
CLASS_NAMES_FILE = "class_names.txt"
SAVED_MODEL_FILE = FORMATS[SAVED_MODEL].file


def image_kind(
    image_shape: Sequence[int], num_classes: int, class_names: Sequence[str] = ()
) -> dict[str, Any]:
    """Returns the kind of a network for images, a dictionary for JSON.

    Args:
        image_shape: Height, width and channels.
        num_classes: Number of classes.
        class_names: Their names; empty if unknown.
    """
    kind = {"model": "image network", "image_shape": list(image_shape)}
    names = {"class_names": list(class_names)} if class_names else {}
    return {**kind, "num_classes": num_classes, **names}


def language_kind(vocabulary_size: int, units: int) -> dict[str, Any]:
    """Returns the kind of a language model, a dictionary for JSON."""
    return {"model": "language model", "words": vocabulary_size, "units": units}


def write_kind(kind: Mapping[str, Any], version: Path) -> None:
    """Writes the kind of a version into its folder."""
    (version / KIND_FILE).write_text(json.dumps(kind))


def read_kind(version: Path) -> dict:
    """Reads the kind of a version.

    Args:
        version: Its folder. Earlier ones hold no file of the kind; then it follows from
            the rest, as far as it does.

    Returns:
        The kind, of which any part may be missing.
    """
    try:
        return dict(json.loads((version / KIND_FILE).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        pass
    kind = {}
    with contextlib.suppress(OSError, DecodeError, LookupError):
        kind |= _kind_of_signatures((version / SAVED_MODEL_FILE).read_bytes())
    with contextlib.suppress(OSError, ValueError):
        names = (version / CLASS_NAMES_FILE).read_text("utf-8")
        kind["class_names"] = names.split("\n")[:-1]
    return kind


def difference(kind: dict, other: dict) -> str:
    """Says in words where two kinds differ; an empty text if they agree.

    What only one of them says is no difference.
    """
    return ", ".join(
        f"{name.replace('_', ' ')} {shortened(other[name])}"
        for name in kind
        if name in other and kind[name] != other[name]
    )


def _kind_of_signatures(content):
    signatures = parse_saved_model(content).meta_graphs[0].signature_def

    def shape(tensors, name):
        return [dimension.size for dimension in tensors[name].tensor_shape.dim][1:]

    if "step" in signatures:
        step = signatures["step"]
        words = shape(step.outputs, "log_probabilities")[-1]
        return language_kind(words, *shape(step.inputs, "state"))
    default = signatures["serving_default"]
    image_shape = shape(default.inputs, "images")
    return image_kind(image_shape, *shape(default.outputs, "logits"))
