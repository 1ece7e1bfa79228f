"""The part of a batch of texts that one replica reads."""

from darts_tf.distribution.replicas import Replicas


def part_of_inputs(replicas: Replicas, inputs: dict) -> dict:
    """Takes a replica's texts out of a batch.

    The masks are those of the whole batch, so that what a text's words drop does not
    depend on the number of replicas.

    Args:
        replicas: `Replicas`.
        inputs: Inputs of a `LanguageModel`: `tokens`, `targets`, `masks`, and others
            that are the same for all texts, or a replica's own.

    Returns:
        Dictionary like `inputs`.
    """
    masks = {
        # A word is dropped in all texts.
        name: mask if name == "words" else replicas.part(mask)
        for name, mask in inputs["masks"].items()
    }
    rows = {name: replicas.part(inputs[name]) for name in ("tokens", "targets")}
    return {**inputs, **rows, "masks": masks}
