"""A small text with a rule in it, and a small cell, for tests of language models."""

import numpy as np

from darts_tf.genotype.recurrent_genotype import RecurrentGenotype

WORDS = 12
GENOTYPE = RecurrentGenotype.from_lists([("tanh", 0), ("relu", 1)], [1, 2])


def write_texts(folder, lines=(60, 12, 8)):
    """Writes a training, a validation and a test text; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(1)
    for split, count in zip(("train", "valid", "test"), lines):
        text = "\n".join(_line(random) for _ in range(count))
        (folder / f"{split}.txt").write_text(text + "\n")
    return folder


def _line(random):
    """Words of which each follows from the one before by one of two rules."""
    words = [int(random.integers(WORDS))]
    for _ in range(7):
        words.append((words[-1] * 5 + int(random.integers(1, 3))) % WORDS)
    return " ".join(f"w{word}" for word in words)
