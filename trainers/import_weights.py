"""Imports PyTorch weights.

`python -m trainers.import_weights cifar10_model.pt --genotype=DARTS_V2
--output=model.keras`
"""

from pathlib import Path

from darts_tf.distribution.interruption import sigterm_raises
from darts_tf.errors import UserError
from darts_tf.recurrent import LanguageModel
from darts_tf.weight_count import count_weights
from darts_tf.weights.import_weights import import_weights
from flags.import_weights import import_flags
from trainers import program


def main(checkpoint):
    if not Path(checkpoint).is_file():
        raise UserError(
            f"There is no file {checkpoint!r}; expected a checkpoint of PyTorch."
        )
    config = import_flags.to_config()
    with sigterm_raises():
        network = import_weights(checkpoint, config)
    print(f"{config.output}: {_description(network)}")


def _description(network):
    weights = f"{count_weights(network):,} weights"
    if isinstance(network, LanguageModel):
        return f"{network.vocabulary_size} words, {network.cell.units} units, {weights}"
    auxiliary = " with the auxiliary head" if network.auxiliary else ""
    return (
        f"{network.num_cells} cells, {network.init_channels} channels, "
        f"{network.num_classes} classes, {weights}{auxiliary}"
    )


def run():
    """Runs this binary, as a script or an installed command."""
    program.run(main, import_flags.define(), __doc__, argument="CHECKPOINT")


if __name__ == "__main__":
    run()
