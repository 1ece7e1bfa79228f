"""The published methods, with settings that fit the small networks of tests."""

import functools

from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.method.methods import SearchMethod
from darts_tf.tasks.configuration import configured

# For a network of few channels.
_SMALL = {
    "drnas_progressive": {"partial_channels": 2, "stage_partial_channels": (1,)},
}


@functools.cache
def method_of(name: str, config: type = SearchConfig, **settings) -> SearchMethod:
    """Returns the method of a preset in a search of 30 epochs.

    Args:
        name: Of the preset.
        config: The configuration of the kind of search.
        settings: Take the place of the preset's.
    """
    settings = {"epochs": 30, **_SMALL.get(name, {}), **settings}
    return configured(config(), method=name, **settings).search_method()
