"""Which of the genotypes in the folder of a search is taken."""

import os
from typing import NamedTuple

from darts_tf.errors import UserError, first_line, invalid_value, printable
from darts_tf.genotype.json_text import MAX_JSON_LENGTH, parse_json
from darts_tf.run_layout import BEST_GENOTYPE_FILE, RESULTS_FILE, genotype_file


class GenotypeOfRun(NamedTuple):
    """A genotype in the folder of a search.

    Attributes:
        path: Its file.
        which: What it is, and why it was chosen, in a part of a sentence.
    """

    path: str
    which: str


def genotype_in(folder: str | os.PathLike, epoch: int | None = None) -> GenotypeOfRun:
    """Chooses a genotype in the folder of a search.

    Args:
        folder: The folder.
        epoch: Its epoch, counted from 1; default is the one that the search has
            recommended at its end, or the best one so far.

    Returns:
        The `GenotypeOfRun`, whose file need not be there.

    Raises:
        UserError: If the file with the recommendation is damaged.
    """
    if epoch is not None:
        path = os.path.join(folder, genotype_file(epoch))
        return GenotypeOfRun(path, f"epoch {epoch}, as told")
    results = os.path.join(folder, RESULTS_FILE)
    if not os.path.exists(results):
        path = os.path.join(folder, BEST_GENOTYPE_FILE)
        return GenotypeOfRun(path, "the best epoch, since it recommends none")
    epoch, reason, unit = _recommendation(results)
    path = os.path.join(folder, genotype_file(epoch))
    return GenotypeOfRun(path, f"{unit} {epoch}, {reason}")


def _recommendation(path):
    try:
        with open(path, encoding="utf-8") as file:
            fields = parse_json(file.read(MAX_JSON_LENGTH + 1))
        epoch, reason = fields["recommended_epoch"], fields["reason"]
        # A search by trials has these in place of epochs.
        unit = "trial" if fields.get("unit") == "trial" else "epoch"
        if type(epoch) is not int or epoch < 1 or not isinstance(reason, str):
            raise invalid_value("recommended_epoch", "the number of an epoch", epoch)
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise UserError(
            f"{path} is damaged: expected a recommended epoch, found an error: "
            f"{first_line(error)}."
        ) from error
    return epoch, printable(reason), unit
