"""Settings of trainings of language models, as papers have them."""

import dataclasses
from typing import Any

from darts_tf.recurrent.dropout import DropoutRates


def training_with(
    hidden_size: int, rates: DropoutRates, **settings: Any
) -> dict[str, Any]:
    """Returns the settings of a training by name.

    Args:
        hidden_size: Of the network.
        rates: Its `DropoutRates`.
        **settings: Others, see `LanguageConfig`.
    """
    dropouts = dataclasses.asdict(rates).items()
    return {
        "hidden_size": hidden_size,
        **{f"dropout_{name}": rate for name, rate in dropouts},
        **settings,
    }
