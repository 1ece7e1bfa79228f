"""The latency table of a search space in a runtime, as a user asks for it."""

import functools
from collections.abc import Iterator

import numpy as np

from darts_tf.costs.latency.measuring import WholeNetwork, measure_parts, reference_part
from darts_tf.costs.latency.space_parts import parts_of_space
from darts_tf.costs.latency.table import LatencyTable, check_place
from darts_tf.costs.latency.verification import verify_latency, whole_model
from darts_tf.errors import UserError
from darts_tf.experiments.costs.latency_settings import LatencyConfig, LatencySettings
from darts_tf.formats.format import check_packages
from darts_tf.genotype.cells_genotype import ImageGenotype
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.weights.registered_genotype import load_genotype

_SEED = 2208


def measure_latency(config: LatencySettings) -> LatencyTable:
    """Measures the parts of all networks of a space, and writes the table.

    Args:
        config: The settings.

    Returns:
        The table.

    Raises:
        UserError: If an input is wrong, something cannot be exported or timed, or too
            much of the table is uncertain; it is not written then.
    """
    check_packages("runtime", config.runtime)
    check_place(config.output)
    space, network = config.checked_space(), config.network()
    parts = parts_of_space(network, space, config.fewer_outputs)
    # Chosen before others come, so that the log serves whatever genotypes are given.
    reference = reference_part(parts)
    for name, genotype in given_genotypes(config).items():
        try:
            network.built(genotype)
        except ValueError as error:
            raise UserError(f"`genotypes`={name}: {error}") from error
        parts.update(network.parts(genotype))
    networks = [*_whole_networks(config, space, network)]
    table = measure_parts(parts, reference, config.conditions, config.output, networks)
    table.check()
    table.save(config.output)
    return table


def _whole_networks(config, space, network):
    # Others than those that the same seed draws elsewhere.
    rng = np.random.default_rng([_SEED, 0])
    for _ in range(config.whole_networks):
        genotype = space.sample(rng)
        make_model = functools.partial(whole_model, network, genotype)
        yield WholeNetwork(tuple(network.parts(genotype)), make_model)


def given_genotypes(config: LatencySettings) -> dict[str, SavedGenotype]:
    """Returns the genotypes that the settings name, by what they call them.

    Raises:
        UserError: If there is no such genotype, or one of its operations is unknown.
    """
    return {name: load_genotype(ImageGenotype, name) for name in config.genotypes}


def predict_latencies(config: LatencyConfig, table: LatencyTable) -> Iterator[str]:
    """Says what latency each given genotype has, and measures it if that is wanted.

    Args:
        config: The settings.
        table: What `measure_latency` returned for them.
    """
    network = config.network()
    for name, genotype in given_genotypes(config).items():
        if config.verify_latency:
            found = verify_latency(network, genotype, table, config.repetitions)
            yield f"{name}: {found}"
        else:
            yield f"{name}: predicted {table.of_parts(network.parts(genotype)):.3g} ms"
