"""RobustDARTS' network against numbers that its authors' code computed in float64."""

import numpy as np
import pytest

from tests.variants.golden_variants import (
    batch,
    check_quantity,
    compiled,
    each_quantity,
    make_model,
    make_network,
    named_alphas,
    runs,
)


@pytest.fixture(scope="module")
def run(golden_folder, float64_module):
    return runs(golden_folder, {"robustdarts": _compute})


def _compute(golden, settings):
    network = make_network(golden, settings)
    model = make_model(network)

    @compiled
    def gradients(*batch):
        return model.network_loss.on_batch(*batch).alpha_gradients(*model._values())

    found = gradients(*batch(golden, "valid"))
    decay = settings["arch_weight_decay_on_the_diagonal"]
    decayed = [g + decay * a.numpy() for g, a in zip(found.alpha, network.alphas)]
    return {
        "logits_valid_0": found.aux[0],
        "loss_valid/0": found.loss,
        **named_alphas("first_order/0/", network, found.alpha),
        "gradient_with_decay": np.concatenate(list(map(np.ravel, decayed))),
    }


@each_quantity("robustdarts")
def test_golden_quantity(run, name, pattern, record_property):
    check_quantity(*run(name), pattern, record_property)
