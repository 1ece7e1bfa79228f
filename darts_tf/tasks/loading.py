"""Objects that hold what is in runs and files."""

import os
from pathlib import Path

import keras

from darts_tf.convolutional.image_network import ImageNetwork
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.errors import UserError
from darts_tf.experiments.kinds import read_run
from darts_tf.genotype import CellsGenotype, Genotype, RecurrentGenotype
from darts_tf.genotype.cells_genotype import ImageGenotype
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.keras_file import load_model
from darts_tf.recurrent.language_network import LanguageNetwork
from darts_tf.runs.run_config import read_json
from darts_tf.runs.run_files import Run
from darts_tf.weights.import_weights import network_of_checkpoint

_GENOTYPES = {
    kind.FORMAT: kind for kind in (Genotype, RecurrentGenotype, CellsGenotype)
}
_NETWORKS = (ImageNetwork, SearchNetwork, LanguageNetwork)


def load(
    source: str | os.PathLike, genotype: str | os.PathLike | None = None
) -> Run | SavedGenotype | keras.Model:
    """Loads a run, a genotype or a network.

    Args:
        source: Folder of a run, finished or not; name of a published convolutional
            genotype, such as "DARTS_V2"; genotype file (`.json`); network (`.keras`),
            or checkpoint of the authors' PyTorch code.
        genotype: Of a PyTorch checkpoint: published name, genotype file or folder of a
            search.

    Returns:
        For a folder what the run has found, with `folder`, `settings` and `metrics`;
        else the genotype, or the Keras model.

    Raises:
        UserError: If there is no such thing, or it is damaged.

    Example:

    >>> import darts_tf as dt
    >>> dt.load("DARTS_V2") == dt.Genotype.published("DARTS_V2")
    True
    """
    path, name = Path(source), os.fspath(source)
    if name in ImageGenotype.published_by_name():
        return ImageGenotype.published(name)
    if path.is_dir():
        return read_run(path)
    if not path.is_file():
        published = ", ".join(ImageGenotype.published_by_name())
        raise UserError(
            f"There is no {name}: expected the folder of a run, a file, or a published "
            f"genotype ({published})."
        )
    if path.suffix == ".json":
        return _load_genotype(path)
    if path.suffix == ".keras":
        return load_model(path, _NETWORKS, "a network of this library")
    if genotype is None:
        raise UserError(f"{name} needs `genotype`, whose cells it is of.")
    return network_of_checkpoint(name, os.fspath(genotype))


def _load_genotype(path):
    fields = read_json(path)
    format = fields.get("format") if isinstance(fields, dict) else None
    if not isinstance(format, str) or format not in _GENOTYPES:
        raise UserError(
            f"{path} holds no genotype: expected one of the formats "
            f"{', '.join(_GENOTYPES)}."
        )
    return _GENOTYPES[format].load(path)
