"""Imports PyTorch weights.

`python -m trainers.import_weights cifar10_model.pt --genotype=DARTS_V2
--output=model.keras`
"""

import sys

from absl import app

from darts_tf.convolutional.network_cost import count_weights
from darts_tf.errors import UserError
from darts_tf.export.import_weights import import_weights
from darts_tf.recurrent import LanguageModel
from flags import import_weights as import_flags


def main(argv):
    if len(argv) != 2:
        raise app.UsageError("Expected one argument, the checkpoint to import.")
    config = import_flags.to_config()
    try:
        network = import_weights(argv[1], config)
    except (UserError, OSError) as error:
        sys.exit(f"trainers.import_weights: {error}")
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


if __name__ == "__main__":
    import_flags.define()
    app.run(main)
