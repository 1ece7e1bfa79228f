"""Copies of networks, so that measuring one leaves it as it is."""

from darts_tf.convolutional.image_network import ImageNetwork


def copy_of(network: ImageNetwork, dtype: str) -> ImageNetwork:
    """Copies a network with its weights; the copy drops no paths.

    Args:
        network: Built network.
        dtype: In which the copy computes and has its weights.
    """
    copy = type(network).from_config({**network.get_config(), "dtype": dtype})
    copy.build_from_config(network.get_build_config())
    copy.set_weights(network.get_weights())
    if copy.drop_path_rate is not None:
        copy.drop_path_rate.assign(0)
    return copy
