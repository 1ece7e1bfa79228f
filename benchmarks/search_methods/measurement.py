"""One measurement of the step of a method, in a process of its own.

As `benchmarks.search_step.measurement`, with the name of a method as the form. All
methods have the same sizes and batch, and alpha is never frozen. Each has its authors'
operations: those of DARTS, or these without `none`, which costs next to nothing. The
eigenvalue of the Hessian in alpha is a number of products, each of which is
measured as a step is.
"""

import json
import sys
import time

import keras

from benchmarks.search_methods.settings import EIGENVALUE
from benchmarks.search_step.measurement import NUM_CLASSES, order_of, pairs
from benchmarks.search_step.observation import ObservedStep, observe, observed
from benchmarks.search_step.settings import StepSettings
from darts_tf.convolutional.search_model import SearchModel
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.distribution.runtime import configure_runtime
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.tasks.configuration import configured


class _ObservedModel(ObservedStep, SearchModel):
    def _product(self, batch_and_vector):
        return self.observed(super()._product, batch_and_vector)


def _observe_products(settings, model, started):
    """As `observe`, of the products with the Hessian of the validation loss."""
    ends = []
    for _, valid_batch in pairs(settings):
        model.eigenvalue(valid_batch, most_products=1)
        ends.append(time.monotonic())
    return observed(settings, model, ends, started)


def _make_model(settings, config):
    sizes = settings.sizes
    network = SearchNetwork(
        NUM_CLASSES,
        sizes.init_channels,
        sizes.layers,
        sizes.nodes,
        primitives=config.primitives,
        method=config.search_method(),
    )
    network.build((None, sizes.image_size, sizes.image_size, 3))
    model = _ObservedModel(
        network, config.order, config.hessian, clip_with_alpha=config.clip_with_alpha
    )
    # For methods that decide by evaluations; none does before the first epoch.
    model.validation_half = list
    model.compile()
    return model


def main(settings, started):
    settings, started = StepSettings.from_json(settings), float(started)
    is_product = settings.order == EIGENVALUE
    order, hessian = ("first", "exact") if is_product else order_of(settings)
    config = configured(
        SearchConfig(),
        method=settings.form,
        order=order,
        hessian=hessian,
        init_channels=settings.sizes.init_channels,
        frozen_epochs=0,
    )
    configure_runtime(config)
    keras.utils.set_random_seed(0)
    model = _make_model(settings, config)
    if is_product:
        found = _observe_products(settings, model, started)
    else:
        found = observe(settings, model, pairs(settings), started)
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
